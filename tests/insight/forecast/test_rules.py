"""Forecast and back-test: the contract's series, slow definitions beside the fast ones, ties and edges."""

from __future__ import annotations

import csv
import statistics
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.insight.forecast.rules import (
    Aim,
    Record,
    forecast,
    parts_of,
    predict,
    quantile,
    theil_sen,
    without_hole,
)

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


def test_hours_may_exceed_a_hundred_and_are_held_against_the_year_before() -> None:
    hours = [Fraction(300)] * 12
    found = forecast([*hours, Fraction(120), Fraction(120)], Aim(top=None))
    assert found is not None
    # 10 × 300 + 2 × 120 over the last twelve months
    assert (found.method, found.forecast, found.level, found.warning) == ("last", 120, 270, True)
    # the 13th value came without a warning (all before it were level), the 14th was warned of after it
    assert [(one.place, one.outcome) for one in found.tried] == [
        (9, "quiet"),
        (10, "quiet"),
        (11, "quiet"),
        (12, "missed"),
        (13, "hits"),
    ]
    assert found.record == Record(1, 0, 1, 3) and found.low >= 0


def test_a_growing_gap_is_the_one_that_is_warned_of() -> None:
    gap = [Fraction(100 + 10 * month) for month in range(14)]
    worse, better = forecast(gap, Aim(top=None, above=True)), forecast(gap, Aim(top=None))
    assert worse is not None and better is not None
    assert (worse.forecast, worse.warning, worse.record) == (240, True, Record(5, 0, 0, 0))
    assert (better.warning, better.record) == (False, Record(0, 0, 0, 5))


@given(st.sampled_from(("last", "mean3", "drift", "theil_sen")), values)
def test_the_parts_of_a_forecast_add_up_to_it(method: str, series: list[Fraction]) -> None:
    assert predict(method, series) == min(100, max(0, sum(parts_of(method, series))))
    assert predict(method, series, None) == max(0, sum(parts_of(method, series)))
