"""When a maintenance plan falls due (contract 6): by days or by hours of use, whichever comes first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Hours = int | Decimal | Fraction
WINDOW_DAYS = 28
DAYS, HOURS = "days", "hours"
DONE, PLANNED = "done", "planned"


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan of one machine; a rhythm that it does not have is nothing."""

    machine: str
    id: str
    every_days: int | None = None
    last_done_on: dt.date | None = None
    every_hours: Hours | None = None
    used_hours: Hours | None = None
    last_28_days_hours: Hours | None = None
    warn_days: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The day, and which rhythm sets it; both nothing when the plan never falls due as things are."""

    on: dt.date | None
    by: str | None


def due(plan: Plan, on: dt.date) -> Due:
    """The due of a plan as seen on a day.

    By days: last done + every_days, kept also when it has passed. By hours: what remains ÷ use per day in the last 28
    days, rounded up to days after `on`; nothing left is `on`, no use is never. The earlier counts, on one day `days`.

    Parameters
    ----------
    plan : Plan
        Hours of use since it was last done, and of the last 28 days. Hours that are not known set no due.
    on : date

    Examples
    --------
    >>> spindle = Plan("M", "P", 90, dt.date(2026, 9, 15), 500, 430, 84)
    >>> due(spindle, dt.date(2026, 11, 1))
    Due(on=datetime.date(2026, 11, 25), by='hours')
    """
    found = [
        (day, place, cause)
        for place, (day, cause) in enumerate(((due_by_days(plan), DAYS), (due_by_hours(plan, on), HOURS)))
        if day is not None
    ]
    if not found:
        return Due(None, None)
    day, _place, cause = min(found)
    return Due(day, cause)


def due_by_days(plan: Plan) -> dt.date | None:
    """Last done + every_days, or nothing without that rhythm."""
    if plan.every_days is None or plan.last_done_on is None:
        return None
    return _later(plan.last_done_on, plan.every_days)


def due_by_hours(plan: Plan, on: dt.date) -> dt.date | None:
    """The day on which the hours are used up, at the use of the last 28 days."""
    if plan.every_hours is None or plan.used_hours is None:
        return None
    remaining = Fraction(plan.every_hours) - Fraction(plan.used_hours)
    if remaining <= 0:
        return on
    if not plan.last_28_days_hours:
        return None
    days = remaining * WINDOW_DAYS / Fraction(plan.last_28_days_hours)
    return _later(on, -((-days).__floor__()))


def _later(day: dt.date, days: int) -> dt.date | None:
    """A day beyond the calendar is never."""
    return dt.date.fromordinal(day.toordinal() + days) if days <= (dt.date.max - day).days else None


def warn_on(plan: Plan, falls_due: Due) -> dt.date | None:
    """The day from which the due is told, `warn_days` before it.

    >>> warn_on(Plan("M", "P", warn_days=7), Due(dt.date(2026, 11, 25), "hours"))
    datetime.date(2026, 11, 18)
    """
    if falls_due.on is None or plan.warn_days is None:
        return None
    return dt.date.fromordinal(max(falls_due.on.toordinal() - plan.warn_days, 1))


def blocked_days(
    due_on: dt.date, planned_on: dt.date | None, today: dt.date, evening: bool
) -> tuple[dt.date, dt.date]:
    """First and last day on which an open order keeps its machine out of the booking calendar.

    The day it is due and the day it is planned for, with all days between them. What should have been done by today
    keeps today, and from the evening on tomorrow too, until it is done.

    >>> day = dt.date(2026, 11, 25)
    >>> [d.day for d in blocked_days(day, None, dt.date(2026, 11, 1), False)]
    [25, 25]
    >>> [d.day for d in blocked_days(day, dt.date(2026, 11, 27), dt.date(2026, 11, 26), True)]
    [26, 27]
    >>> [d.day for d in blocked_days(day, None, dt.date(2026, 11, 28), True)]
    [28, 29]
    """
    days = [due_on, planned_on or due_on]
    first = max(min(days), today)
    last = max(max(days), first)
    if first == today and evening:
        last = max(last, dt.date.fromordinal(today.toordinal() + 1))
    return first, last


def next_occurrence(
    every_days: int, planned_on: dt.date, done_on: dt.date, counts_from: str = DONE
) -> dt.date | None:
    """The next due by days, from the day it was done or, where the park set it so, the day it was planned.

    From the planned day, occurrences that lie wholly in the past by the day it was done are not made up for.

    >>> next_occurrence(30, dt.date(2026, 9, 1), dt.date(2026, 9, 5)), next_occurrence(30, dt.date(2026, 9, 1), dt.date(2026, 9, 5), PLANNED)
    (datetime.date(2026, 10, 5), datetime.date(2026, 10, 1))
    """
    if counts_from == DONE:
        return _later(done_on, every_days)
    passed = max((done_on - planned_on).days // every_days, 0)
    return _later(planned_on, (passed + 1) * every_days)
