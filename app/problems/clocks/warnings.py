"""When somebody must be warned of a clock, and when to look again: a late look warns late but never differently."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from app.problems.clocks.rules import CANCELLED, MET, MISSED, PAUSED, RUNNING, ZONE, Clock

HALF, THREE_QUARTERS, BREACH = "half", "three_quarters", "breach"
SHARES = ((HALF, Fraction(1, 2)), (THREE_QUARTERS, Fraction(3, 4)))


def moment_of(clock: Clock, share: Fraction) -> dt.datetime | None:
    """The moment at which this share of the span is over; none while a question pauses the clock.

    >>> start = dt.datetime(2026, 9, 1, 10, tzinfo=ZONE)
    >>> clock = Clock("first_response", "immediate", start, "running", start + dt.timedelta(hours=24))
    >>> moment_of(clock, Fraction(1, 2)).isoformat()
    '2026-09-01T22:00:00+08:00'
    """
    if clock.due_at is None:
        return None
    span = clock.due_at - clock.started_at
    return clock.started_at + span * share.numerator / share.denominator


def due_warnings(clock: Clock, met_at: dt.datetime | None, at: dt.datetime) -> tuple[str, ...]:
    """Every warning whose moment has passed before the clock was met: 50 %, 75 %, the breach.

    A clock met before a moment is not warned of at it, however late somebody looks.
    """
    if clock.state not in (RUNNING, MISSED, MET):
        return ()
    seen = at if met_at is None else min(met_at, at)
    found = [name for name, share in SHARES if (moment := moment_of(clock, share)) and moment <= seen]
    if clock.state == MISSED:
        found.append(BREACH)
    return tuple(found)


def next_look(clock: Clock, met_at: dt.datetime | None, at: dt.datetime) -> dt.datetime | None:
    """When something may change next: the next warning, the breach, or the next day of a pause."""
    if clock.state == PAUSED:
        day = at.astimezone(ZONE).date() + dt.timedelta(days=1)
        return dt.datetime.combine(day, dt.time(), ZONE)
    if clock.state != RUNNING or met_at is not None:
        return None
    moments = [moment_of(clock, share) for _name, share in SHARES] + [clock.due_at]
    coming = [moment for moment in moments if moment is not None and moment > at]
    # The due itself still belongs to the span: a breach is one microsecond later at the earliest.
    return min(coming, default=at) + dt.timedelta(microseconds=1)


def last_quarter(clock: Clock, at: dt.datetime) -> bool:
    """Whether only the vice president may still change the class."""
    moment = moment_of(clock, Fraction(3, 4))
    return clock.state == RUNNING and moment is not None and at >= moment


def moved(before: Clock, after: Clock) -> bool:
    """Whether a newly published year moves this clock: one that is met, missed or cancelled stays as it is."""
    return before.state not in (MET, MISSED, CANCELLED) and before.due_at != after.due_at
