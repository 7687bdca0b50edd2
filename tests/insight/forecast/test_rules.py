"""Forecast and back-test: the contract's series, slow definitions beside the fast ones, ties and edges."""

from __future__ import annotations

import csv
import statistics
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.insight.forecast.rules import Record, forecast, predict, quantile, theil_sen, without_hole

WIDER = Path(__file__).parents[2] / "data" / "wider"
values = st.lists(st.integers(0, 1000).map(lambda tenths: Fraction(tenths, 10)), min_size=2, max_size=12)


def test_series_of_the_contract() -> None:
    with (WIDER / "series.csv").open(encoding="utf-8", newline="") as file:
        series = [Fraction(row["value"]) for row in csv.DictReader(file)]
    found = forecast(series, Fraction(78))
    assert found is not None
    assert found.method == "theil_sen"
    assert {name: round(float(error), 2) for name, error in found.mae.items()} == {
        "last": 1.00,
        "mean3": 1.33,
        "drift": 0.95,
        "theil_sen": 0.64,
    }
    assert [round(float(x), 1) for x in (found.forecast, found.low, found.high)] == [74.4, 73.7, 74.7]
    assert (found.below, found.warning, found.record) == (1, True, Record(3, 1, 0, 5))


@given(values)
def test_theil_sen_by_definition(series: list[Fraction]) -> None:
    n = len(series)
    slope = statistics.median([(series[j] - series[i]) / (j - i) for i in range(n) for j in range(i + 1, n)])
    rest = statistics.median([y - slope * x for x, y in enumerate(series)])
    assert theil_sen(series) == slope * n + rest


def test_equal_errors_go_to_the_first_method() -> None:
    found = forecast([Fraction(70)] * 12, Fraction(70))
    assert found is not None
    assert (found.method, found.forecast, found.below, found.warning) == ("last", 70, 0, False)
    assert found.record == Record(0, 0, 0, 3)


def test_eleven_months_are_too_few() -> None:
    assert forecast([Fraction(70)] * 11, Fraction(70)) is None


def test_a_missing_month_cuts_the_series() -> None:
    rows = [(m, Fraction(m)) for m in (1, 2, 4, 5, 7, 8, 9)]
    assert without_hole(rows) == [7, 8, 9]
    assert without_hole([]) == []


def test_predictions_stay_within_the_scale() -> None:
    rising = [Fraction(x) for x in (70, 80, 90, 100)]
    assert [predict(m, rising) for m in ("last", "mean3", "drift", "theil_sen")] == [100, 90, 100, 100]
    assert predict("drift", [Fraction(30), Fraction(10)]) == 0


def test_nearest_rank() -> None:
    ten = [Fraction(x) for x in range(1, 11)]
    assert (quantile(ten, Fraction(1, 5)), quantile(ten, Fraction(4, 5))) == (2, 8)
    assert (quantile(ten[:6], Fraction(1, 5)), quantile(ten[:6], Fraction(4, 5))) == (2, 5)
