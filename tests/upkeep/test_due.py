"""When a plan falls due, and how available a machine was."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.upkeep.plans.availability import measure
from app.upkeep.plans.rules import PLANNED, Due, Plan, due, next_occurrence, warn_on

ON = dt.date(2026, 11, 1)


def plan(**more: object) -> Plan:
    values = {"every_days": 90, "last_done_on": dt.date(2026, 9, 15), "every_hours": 500}
    return Plan("M", "P", **(values | {"used_hours": 430, "last_28_days_hours": 84} | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "day", "by"),
    [
        ({}, dt.date(2026, 11, 25), "hours"),  # the example of the contract: 70 h at 3 h a day
        ({"last_28_days_hours": 0}, dt.date(2026, 12, 14), "days"),
        ({"every_days": None, "last_28_days_hours": 0}, None, None),
        ({"every_days": None, "every_hours": None}, None, None),
        ({"used_hours": 500}, ON, "hours"),
        ({"used_hours": 600, "last_28_days_hours": 0}, ON, "hours"),
        ({"used_hours": 499, "last_28_days_hours": 28}, dt.date(2026, 11, 2), "hours"),
        ({"used_hours": 499, "last_28_days_hours": 27}, dt.date(2026, 11, 3), "hours"),
        (
            {"last_done_on": dt.date(2026, 1, 1)},
            dt.date(2026, 4, 1),
            "days",
        ),  # a due that has passed keeps its day
        ({"last_done_on": dt.date(2026, 8, 3), "used_hours": 600}, ON, "days"),  # both on one day
        ({"every_days": 71}, dt.date(2026, 11, 25), "days"),
        ({"every_days": None, "last_28_days_hours": Fraction(1, 10**9)}, None, None),  # beyond any calendar
        (
            {"every_hours": None, "every_days": 1, "last_done_on": dt.date(2024, 2, 28)},
            dt.date(2024, 2, 29),
            "days",
        ),
    ],
)
def test_the_earlier_of_days_and_hours_counts(
    changes: dict[str, object], day: dt.date | None, by: str | None
) -> None:
    assert due(plan(**changes), ON) == Due(day, by)


@given(st.integers(1, 900), st.integers(0, 3_000), st.integers(28, 672))
def test_by_hours_is_the_first_day_on_which_the_hours_are_used_up(every: int, used: int, recent: int) -> None:
    """By definition: count the days one by one."""
    found = due(plan(every_days=None, every_hours=every, used_hours=used, last_28_days_hours=recent), ON)
    days, hours = 0, Fraction(used)
    while hours < every:
        days, hours = days + 1, hours + Fraction(recent, 28)
    assert found == Due(ON + dt.timedelta(days=days), "hours")


def test_a_warning_comes_its_days_before() -> None:
    assert warn_on(plan(warn_days=7), Due(dt.date(2026, 11, 25), "hours")) == dt.date(2026, 11, 18)
    assert warn_on(plan(warn_days=0), Due(ON, "days")) == ON
    assert warn_on(plan(), Due(ON, "days")) is None
    assert warn_on(plan(warn_days=7), Due(None, None)) is None


def test_the_next_occurrence_counts_from_the_day_done_or_planned() -> None:
    planned, late = dt.date(2026, 9, 1), dt.date(2026, 10, 5)
    assert next_occurrence(30, planned, dt.date(2026, 9, 5)) == dt.date(2026, 10, 5)
    assert next_occurrence(30, planned, dt.date(2026, 9, 5), PLANNED) == dt.date(2026, 10, 1)
    assert next_occurrence(30, planned, late, PLANNED) == dt.date(2026, 10, 31)
    assert next_occurrence(30, planned, dt.date(2026, 8, 25), PLANNED) == dt.date(2026, 10, 1)


def test_availability_and_means_carry_what_they_are_divided_from() -> None:
    found = measure([2, 4], planned_hours=120, running_hours=100, faults=2)
    assert (found.availability.value, found.availability.numerator, found.availability.denominator) == (
        Fraction(19, 20),
        114,
        120,
    )
    assert (found.mtbf_hours.value, found.mttr_hours.value, found.mttr_hours.n) == (50, 3, 2)
    none = measure([], planned_hours=0, running_hours=80, faults=0)
    assert (none.availability.value, none.mtbf_hours.value, none.mttr_hours.value) == (None, None, None)


def test_twenty_thousand_plans_are_quick() -> None:
    """Counted in steps, not seconds: every plan is looked at once and by itself."""
    found = {due(plan(used_hours=n % 500), ON).by for n in range(20_000)}
    assert found == {"hours", "days"}
