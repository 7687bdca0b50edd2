"""Reminders and the quarter: every day of a survey counted by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from app.voice.invitations.rules import Firm, by_layer, planned, quarter_end, reminder_due

OPENED, CLOSES = dt.date(2026, 11, 2), dt.date(2026, 11, 23)


def days(closes: dt.date = CLOSES) -> list[dt.date]:
    """The days on which somebody is reminded who never answers, asked every day."""
    found: list[dt.date] = []
    for after in range(60):
        day = OPENED + dt.timedelta(days=after)
        if reminder_due(OPENED, closes, len(found), found[-1] if found else None, day):
            found.append(day)
    return found


def test_a_week_after_opening_and_three_days_before_the_end() -> None:
    assert days() == [dt.date(2026, 11, 9), dt.date(2026, 11, 20)]


@pytest.mark.parametrize(
    ("open_days", "reminded_after"),
    [(1, []), (2, [1]), (4, [1]), (7, [4]), (11, [7, 10]), (12, [7, 10]), (40, [7, 37])],
)
def test_short_and_long_surveys(open_days: int, reminded_after: list[int]) -> None:
    found = days(OPENED + dt.timedelta(days=open_days))
    assert [(day - OPENED).days for day in found] == reminded_after


def test_the_quarter_by_layer() -> None:
    works = lambda day: day.weekday() < 5  # noqa: E731
    day = dt.date(2026, 11, 2)
    old = dt.date(2020, 1, 1)
    firms = [
        Firm(1, "E1", "一", "medium", old, dt.date(2026, 5, 20)),  # + 180 days: 16 November
        Firm(2, "E2", "二", "medium", old, dt.date(2026, 8, 1)),  # 28 January
        Firm(3, "E3", "三", "micro", old, dt.date(2026, 7, 1)),  # + 90 days: 29 September, overdue
        Firm(4, "E4", "四", "large", old),  # no questionnaire in its plan
        Firm(5, "E5", "五", "small", dt.date(2026, 10, 1)),  # new: visited instead
        Firm(6, "E6", "六", "", old),  # unknown
    ]
    plan = planned(firms, day, works)
    assert [(one.firm.id, one.layer, one.due_on and one.due_on.isoformat()) for one in plan] == [
        (1, "medium", "2026-11-16"),
        (2, "medium", "2027-01-28"),
        (3, "small_micro", "2026-09-29"),
        (4, "large", None),
        (5, "new", None),
    ]
    rows = by_layer(plan, day, ("new", "large", "medium", "small_micro"))
    assert [(one.firms, one.due, one.overdue) for one in rows] == [(1, 0, 0), (1, 0, 0), (2, 1, 0), (1, 1, 1)]


def test_quarters_end() -> None:
    ends = [quarter_end(dt.date(2026, month, 1)).isoformat() for month in (1, 4, 9, 12)]
    assert ends == ["2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"]
