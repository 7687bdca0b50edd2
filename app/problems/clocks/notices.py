"""What a clock says on its way: warnings, the mark of a first word, late notes, a due that moved with the calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from app.problems.clocks.rules import (
    CANCELLED,
    IMMEDIATE,
    MET,
    MISSED,
    ONE_DAY,
    PAUSED,
    ZONE,
    Clock,
    ClockRules,
)

if TYPE_CHECKING:
    from app.identity.door import Calendar

HALF, THREE_QUARTERS, BREACH = "half", "three_quarters", "breach"
PARTS = ((HALF, Fraction(1, 2)), (THREE_QUARTERS, Fraction(3, 4)), (BREACH, Fraction(1)))


@dataclass(frozen=True, slots=True)
class Notice:
    """One warning of a clock: when it arose, and when its message may go out."""

    kind: str
    moment: dt.datetime
    send_at: dt.datetime


def notices_until(
    clock: Clock, met_at: dt.datetime | None, calendar: Calendar, at: dt.datetime
) -> list[Notice]:
    """The warnings that have arisen by `at`: once each at 50 %, 75 % of the span and at the breach.

    A clock that was met before the moment has none; a paused one none further until it has a due again. Messages of
    `process` and `longterm` wait for working hours, the moments themselves do not.

    >>> from app.identity.door import calendar_of
    >>> start = dt.datetime(2026, 9, 30, 18, tzinfo=ZONE)
    >>> clock = Clock("first_response", "immediate", start, "running", start + dt.timedelta(hours=24))
    >>> [w.kind for w in notices_until(clock, None, calendar_of([]), start + dt.timedelta(hours=18))]
    ['half', 'three_quarters']
    """
    if clock.due_at is None or clock.state in (PAUSED, CANCELLED):
        return []
    found = []
    for kind, part in PARTS:
        moment = moment_of(clock, part)
        if moment is None or moment > at or (kind == BREACH and clock.state != MISSED):
            continue
        if kind != BREACH and met_at is not None and met_at <= moment:
            continue
        send_at = moment if clock.problem_class == IMMEDIATE else calendar.working_moment(moment)
        found.append(Notice(kind, moment, send_at))
    return found


def moment_of(clock: Clock, part: Fraction) -> dt.datetime | None:
    """When this part of the time from start to due is over; nothing while the clock has no due."""
    if clock.due_at is None:
        return None
    whole = (clock.due_at - clock.started_at) // dt.timedelta(microseconds=1)
    return clock.started_at + dt.timedelta(microseconds=whole * part.numerator // part.denominator)


def only_vice_president_changes(clock: Clock, at: dt.datetime) -> bool:
    """Whether the clock is in the last quarter of its span, where a change of class needs the vice president."""
    last = moment_of(clock, Fraction(3, 4))
    return last is not None and at >= last


def acknowledge_until(registered_at: dt.datetime, calendar: Calendar) -> dt.datetime:
    """The moment before which a person must have answered in words: the end of the next working day.

    >>> from app.identity.door import calendar_of
    >>> friday = dt.datetime(2026, 11, 27, 17, tzinfo=ZONE)
    >>> acknowledge_until(friday, calendar_of([])).isoformat()
    '2026-12-01T00:00:00+08:00'
    """
    day = calendar.next_working_day(registered_at.astimezone(ZONE).date())
    return dt.datetime.combine(day + ONE_DAY, dt.time(), ZONE)


def note_due_on(last_note_on: dt.date, rules: ClockRules) -> dt.date:
    """The day by which the next progress note of a long-term problem is due."""
    return last_note_on + dt.timedelta(days=rules.report_every_days)


def moved(before: Clock, after: Clock) -> bool:
    """Whether a newly published year moves this clock: one that is met, missed or cancelled stays as it is."""
    return before.state not in (MET, MISSED, CANCELLED) and before.due_at != after.due_at
