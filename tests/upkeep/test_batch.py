"""Readings of a batch: what is kept does not depend on luck, and nothing that is kept contradicts the rest."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.upkeep.machines.rules import common_hours, joined, may_become
from app.upkeep.orders import rules as orders
from app.upkeep.readings.batch import KnownMeter, Sound, read_moment, read_value, sort_out
from app.upkeep.readings.chart import chart
from app.upkeep.readings.rules import Condition, Reading, condition

NOON = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


@given(
    st.lists(st.tuples(st.integers(-30, 3), st.integers(-5, 60)), max_size=30),
    st.lists(st.tuples(st.integers(-30, 0), st.integers(0, 60)), max_size=8),
)
def test_a_counter_that_was_sorted_out_never_runs_backwards(
    sent: list[tuple[int, int]], before: list[tuple[int, int]]
) -> None:
    known = {NOON + hours * HOUR: value for hours, value in before}
    values = sorted(known.values())
    kept_before = tuple(zip(sorted(known), values, strict=True))
    lines = [Sound(n, 1, NOON + hours * HOUR, value) for n, (hours, value) in enumerate(sent, 1)]
    kept, refused = sort_out(lines, {1: KnownMeter(True, kept_before)}, NOON)
    assert sorted([one.number for one in kept] + [one.number for one in refused]) == [
        one.number for one in lines
    ]
    after = sorted([*kept_before, *((one.at, one.micro) for one in kept)])
    assert [value for _at, value in after] == sorted(value for _at, value in after)
    assert len({at for at, _value in after}) == len(after)
    assert all(one.at <= NOON and one.micro >= 0 for one in kept)
    again, more = sort_out(lines, {1: KnownMeter(True, tuple(after))}, NOON)
    assert again == [] and len(more) == len(lines)


def test_values_and_moments_are_read_strictly() -> None:
    assert [read_value(one) for one in (1, "1e2", "-0.5", "0.0000004")] == [
        1_000_000,
        100_000_000,
        -500_000,
        0,
    ]
    nothing: tuple[object, ...] = (None, "", "1_0", "１", "inf", float("inf"), True, [], "2e9", "x" * 50)
    assert [read_value(one) for one in nothing] == [None] * len(nothing)
    assert read_moment("2026-11-01", midnight) == midnight(dt.date(2026, 11, 1))
    assert read_moment("2026-11-01T20:00:00.5+08:00", midnight) == NOON + dt.timedelta(seconds=0.5)
    wrong: tuple[object, ...] = ("2026-13-01", "2026-11-01T20:00", 1700000000, None, "", "2026-11-01T25:00Z")
    assert [read_moment(one, midnight) for one in wrong] == [None] * len(wrong)


def test_a_night_out_of_the_planned_hours_costs_nothing() -> None:
    planned = [(NOON, NOON + 5 * HOUR), (NOON + 24 * HOUR, NOON + 29 * HOUR)]
    assert common_hours([(NOON + 5 * HOUR, NOON + 24 * HOUR)], planned) == 0
    assert common_hours([(NOON + 4 * HOUR, NOON + 25 * HOUR)], planned) == 2
    assert common_hours(planned, planned) == 10 and common_hours([], planned) == 0
    assert joined([(NOON, NOON + HOUR), (NOON + HOUR, NOON + 2 * HOUR), (NOON, NOON)]) == [
        (NOON, NOON + 2 * HOUR)
    ]


def test_states_move_as_the_contract_lists_them() -> None:
    moves = {(one, other) for one in orders.MOVES for other in orders.MOVES if orders.may_become(one, other)}
    assert moves == {
        ("due", "planned"),
        ("due", "in_progress"),
        ("due", "skipped"),
        ("planned", "planned"),
        ("planned", "in_progress"),
        ("planned", "skipped"),
        ("in_progress", "done"),
        ("in_progress", "skipped"),
    }
    assert may_become("resting", "retired") and not may_become("retired", "resting")


def test_readings_of_one_day_count_by_their_moments() -> None:
    """A value that rises by one an hour reaches 30 a day after the last of 20 readings, whatever the day's name."""
    rising = [Reading(dt.date(2026, 11, 1), n, Fraction(n, 24)) for n in range(20)]
    assert condition(rising, 43).days_to_limit == 1
    drawn = chart(rising, Condition("learning", None, None, 1), None)
    assert drawn is not None and len(drawn.points) == 20 and drawn.trend is not None
    assert [x for x, _y in drawn.points] == sorted(x for x, _y in drawn.points)
