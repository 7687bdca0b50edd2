"""Working days and hours: the contract's examples, and days worked out by hand on a wall calendar."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity.calendar.reading import read_calendar
from app.identity.calendar.rules import ZONE, Calendar, DayRow, calendar_of, read_hours
from app.identity.calendar.seed import shipped_rows

WIDER = Path(__file__).resolve().parents[2] / "data" / "wider"
SHIPPED = calendar_of(shipped_rows())
PLAIN = calendar_of([])


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}+08:00")


def hours(number: float) -> dt.timedelta:
    return dt.timedelta(hours=number)


def test_the_shipped_rows_are_those_of_the_contracts_calendar() -> None:
    rows, problems = read_calendar(WIDER / "calendar-2026.csv")
    assert problems == ()
    assert rows == tuple(row for row in shipped_rows() if row.day.year == 2026)
    assert sorted(SHIPPED.published) == list(range(2004, 2027))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-09-24", True),  # a Thursday
        ("2026-09-25", False),  # Mid-Autumn
        ("2026-09-19", False),  # a Saturday
        ("2026-09-20", True),  # a Sunday made up
        ("2026-10-07", False),
        ("2026-10-10", True),  # a Saturday made up
        ("2027-10-01", True),  # not published: a Friday is a Friday
    ],
)
def test_a_row_decides_else_the_weekday(day: str, works: bool) -> None:
    assert SHIPPED.works(dt.date.fromisoformat(day)) is works


def test_a_year_with_only_make_up_days_is_not_published() -> None:
    calendar = calendar_of([DayRow(dt.date(2027, 1, 3), "workday")])
    assert calendar.works(dt.date(2027, 1, 3))
    assert calendar.published == frozenset()


@pytest.mark.parametrize(
    ("start", "due", "provisional"),
    [
        ("2026-12-25", "2027-01-15", True),
        ("2026-12-25", "2026-12-31", False),
        ("2026-12-31", "2027-01-01", True),
        ("2003-12-31", "2004-01-02", False),  # the day of the start does not count
        ("2003-12-30", "2004-01-02", True),
        ("2026-03-01", "2026-03-01", False),
    ],
)
def test_provisional_looks_at_the_days_after_the_start_up_to_the_due(
    start: str, due: str, provisional: bool
) -> None:
    days = dt.date.fromisoformat(start), dt.date.fromisoformat(due)
    assert SHIPPED.provisional(*days) is provisional


def test_eight_working_hours_over_the_national_day() -> None:
    assert SHIPPED.hours_later(at("2026-09-30T16:30"), hours(8)) == at("2026-10-08T17:00")


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("2026-11-23T09:00", 3, "2026-11-23T12:00"),  # ends with the span, not at the next one's start
        ("2026-11-23T12:30", 1, "2026-11-23T14:00"),  # lunch does not count
        ("2026-11-23T07:00", 0.5, "2026-11-23T09:30"),
        ("2026-11-23T17:30", 1, "2026-11-24T10:00"),  # the end of a span holds nothing
        ("2026-11-28T10:00", 1, "2026-11-30T10:00"),  # Saturday
        ("2026-11-23T16:30:30", 1, "2026-11-24T09:00:30"),
        (
            "2026-11-23T09:00",
            75,
            "2026-12-04T17:30",
        ),  # ten days of 7.5 h: 23–27 Nov and 30 Nov–4 Dec
    ],
)
def test_working_hours_by_hand(start: str, length: float, due: str) -> None:
    assert PLAIN.hours_later(at(start), hours(length)) == at(due)


def test_quiet_hours_end_when_the_next_span_begins() -> None:
    assert PLAIN.working_moment(at("2026-11-23T10:00")) == at("2026-11-23T10:00")
    assert PLAIN.working_moment(at("2026-11-23T12:00")) == at("2026-11-23T13:00")
    assert SHIPPED.working_moment(at("2026-09-30T17:30")) == at("2026-10-08T09:00")


@pytest.mark.parametrize(
    "spans",
    [
        [],
        [("12:00", "09:00")],
        [("09:00", "09:00")],
        [("09:00", "12:00"), ("11:00", "17:00")],
        [("9:00", "12:00")],
        [("09:60", "12:00")],
        [("09:00", "24:01")],
        [("0９:00", "12:00")],
        [("²9:00", "12:00")],
    ],
)
def test_spans_that_are_none(spans: list[tuple[str, str]]) -> None:
    with pytest.raises(ValueError):
        read_hours(spans)


def test_a_bad_calendar_names_every_problem(tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text(
        "day,kind\n2026-13-01,holiday\n2026-01-01,feast\n2026-01-02,holiday\n2026-01-02,workday\n"
    )
    _rows, problems = read_calendar(file)
    assert [(p.line, p.column, p.code) for p in problems] == [
        (2, "day", "table_not_a_day"),
        (3, "kind", "table_not_one_of"),
        (5, "day", "table_duplicate"),
    ]


MINUTES = st.integers(0, 500 * 24 * 60)
MOMENTS = MINUTES.map(lambda minutes: at("2026-01-01T00:00") + dt.timedelta(minutes=minutes))
LENGTHS = st.integers(1, 40 * 60).map(lambda minutes: dt.timedelta(minutes=minutes))


def worked(calendar: Calendar, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """Working time between two moments, by definition: the overlap with every span of every working day."""
    total = dt.timedelta()
    day = start.astimezone(ZONE).date()
    while day <= end.astimezone(ZONE).date():
        if calendar.works(day):
            for first, last in calendar.hours:
                midnight = dt.datetime.combine(day, dt.time(), ZONE)
                begin = max(start, midnight + dt.timedelta(minutes=first))
                finish = min(end, midnight + dt.timedelta(minutes=last))
                total += max(finish - begin, dt.timedelta())
        day += dt.timedelta(days=1)
    return total


@given(MOMENTS, LENGTHS)
def test_the_hours_between_start_and_due_are_the_hours_asked_for(
    start: dt.datetime, length: dt.timedelta
) -> None:
    due = SHIPPED.hours_later(start, length)
    assert worked(SHIPPED, start, due) == length
    assert worked(SHIPPED, start, due - dt.timedelta(seconds=1)) < length
