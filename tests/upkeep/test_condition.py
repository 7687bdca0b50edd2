"""What a meter says of its machine."""

from __future__ import annotations

import csv
import datetime as dt
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.upkeep.readings.rules import Reading, condition, days_to_limit, line

WIDER = Path(__file__).resolve().parent.parent / "data" / "wider"
START = dt.date(2026, 10, 1)
STEADY = [2, Decimal("2.1"), Decimal("1.9")] * 10 + [2, 2, 2]  # m 2, s 0.14826


def readings(*values: object, start: dt.date = START) -> list[Reading]:
    return [Reading(start + dt.timedelta(days=n), value) for n, value in enumerate(values)]  # type: ignore[arg-type]


def example() -> list[Reading]:
    with (WIDER / "readings.csv").open(encoding="utf-8", newline="") as file:
        return [Reading(dt.date.fromisoformat(r["day"]), Decimal(r["value"])) for r in csv.DictReader(file)]


def test_the_example_of_the_contract() -> None:
    expected = json.loads((WIDER / "expected.json").read_text("utf-8"))["condition"]
    found = example()
    assert [condition(found[:n], Decimal("4.5")).state for n in range(31, 41)] == expected[0]
    last = condition(found, Decimal("4.5"))
    assert last.median is not None and last.spread is not None
    assert [float(last.median), float(last.spread), last.days_to_limit] == expected[1:]


def test_readings_may_come_in_any_order() -> None:
    found = example()
    assert condition(reversed(found), 4) == condition(found, 4)


@pytest.mark.parametrize(
    ("tail", "state"),
    [
        ((2, 2, 2), "normal"),
        ((2, "2.44478", "2.44478"), "watch"),  # exactly 3 s is not beyond it
        ((2, "2.44479", "2.44479"), "warning"),
        ((2, "1.5", "1.5"), "warning"),
        ((2, "2.5", "1.5"), "normal"),  # two sides
        (("2.3", 2, "2.3"), "watch"),
        (("2.3", "2.3", 2), "watch"),
        (("2.29652", "2.29652", "2.29652"), "normal"),  # exactly 2 s
        (("1.7", 2, "2.3"), "normal"),
        (("2.5", "2.5", 2), "watch"),
        ((2, 2, "4.5"), "alarm"),
        ((2, "4.6", "4.4"), "warning"),
    ],
)
def test_the_first_state_that_holds(tail: tuple[object, ...], state: str) -> None:
    values = [Decimal(str(value)) for value in (*STEADY[:30], *tail)]
    assert condition(readings(*values), Decimal("4.5")).state == state


def test_before_it_is_learnt_there_is_only_an_alarm() -> None:
    for count in (0, 1, 32):
        found = condition(readings(*STEADY[:count]), 4)
        assert (found.state, found.median, found.spread) == ("learning", None, None)
    assert condition(readings(*STEADY[:31], 4), 4).state == "alarm"
    assert condition(readings(*STEADY[:31], 4)).state == "learning"


def test_a_meter_that_never_moved_has_no_warning() -> None:
    found = condition(readings(*[2] * 30, 3, 3, 3), 4)
    assert (found.state, found.spread, found.days_to_limit) == ("normal", 0, None)
    assert condition(readings(*[2] * 30, 3, 3, 4), 4).state == "alarm"


def test_an_overhaul_begins_a_new_baseline_on_its_day() -> None:
    before, after = readings(*[9] * 40), readings(*STEADY, start=START + dt.timedelta(days=40))
    found = condition([*before, *after], 8, overhauled_on=START + dt.timedelta(days=40))
    assert (found.state, found.median) == ("normal", 2)
    later = condition([*before, *after], 8, overhauled_on=START + dt.timedelta(days=41))
    assert later.state == "learning"


def test_days_to_the_limit_are_whole_days_after_the_last_reading() -> None:
    rising = readings(*range(20))
    assert days_to_limit(rising, Fraction(19)) == 0
    assert days_to_limit(rising, Fraction(20)) == 1
    assert days_to_limit(rising, Fraction(201, 10)) == 2
    assert days_to_limit(rising[1:], Fraction(20)) is None
    assert days_to_limit(readings(*range(20, 0, -1)), Fraction(30)) is None
    assert days_to_limit(readings(*[1] * 20), Fraction(30)) is None


@settings(max_examples=25)
@given(st.lists(st.integers(-50, 50), min_size=20, max_size=20))
def test_the_line_is_the_median_of_slopes_and_of_intercepts(values: list[int]) -> None:
    """The same line by the definition, in floating point."""
    found = readings(*values)
    slope, intercept = line(found)
    x = np.array([r.on.toordinal() - START.toordinal() for r in found], dtype=float)
    y = np.array(values, dtype=float)
    i, j = np.triu_indices(20, 1)
    wanted = np.median((y[j] - y[i]) / (x[j] - x[i]))
    assert float(slope) == pytest.approx(wanted)
    here = float(slope * START.toordinal() + intercept)
    assert here == pytest.approx(np.median(y - wanted * x))
