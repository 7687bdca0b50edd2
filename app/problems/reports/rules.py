"""Shares, means, medians, worst and late by class, with n beside each: what the park sees of its problems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from app.problems.clocks.rules import CLASSES, FIRST_RESPONSE, LONGTERM, MISSED, Case, ClockRules, clocks_of

if TYPE_CHECKING:
    from app.identity.door import Calendar

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
FIRM, SILENCE = "firm", "silence"
CONFIRMED_BY = (FIRM, SILENCE)
COLUMN_OF_CLOCK = {FIRST_RESPONSE: "responded_at"}


@dataclass(frozen=True, slots=True)
class Solved:
    """One problem and how far it came; what has not happened is None."""

    problem: str
    problem_class: str
    registered_at: dt.datetime
    responded_at: dt.datetime | None = None
    planned_at: dt.datetime | None = None
    resolved_at: dt.datetime | None = None
    confirmed_by: str | None = None
    reopened: int | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean, median and worst of n times, exact, in one unit."""

    mean: Fraction
    median: Fraction
    worst: Fraction
    n: int


@dataclass(frozen=True, slots=True)
class ClassReport:
    """One class; what no row tells is None, never zero."""

    problem_class: str
    n: int
    share_percent: Fraction | None
    late: int | None
    first_response_hours: Spread | None
    plan_days: Spread | None
    resolution_days: Spread | None
    confirmed: dict[str, int] | None
    reopened: int | None

    @property
    def resolution_months(self) -> Fraction | None:
        """The mean in months: days × 12 ÷ 365."""
        return None if self.resolution_days is None else self.resolution_days.mean * 12 / 365


def half_up(value: Fraction, step: Fraction = Fraction(1, 10)) -> Fraction:
    """The nearest multiple of `step`, a half going away from zero.

    >>> half_up(Fraction(7600, 127)), half_up(Fraction(-1, 20))
    (Fraction(299, 5), Fraction(-1, 10))
    """
    steps = (abs(value) / step + Fraction(1, 2)).__floor__() * step
    return steps if value >= 0 else -steps


def spread(times: Iterable[dt.timedelta], unit: dt.timedelta) -> Spread | None:
    """Mean, median (of two middle ones their mean) and worst in `unit`; nothing of nothing.

    >>> found = spread([HOUR, 2 * HOUR, 6 * HOUR, 7 * HOUR], HOUR)
    >>> found.mean, found.median, found.worst
    (Fraction(4, 1), Fraction(4, 1), Fraction(7, 1))
    """
    microsecond = dt.timedelta(microseconds=1)
    values = sorted(Fraction(time // microsecond, unit // microsecond) for time in times)
    if not values:
        return None
    n = len(values)
    median = (values[(n - 1) // 2] + values[n // 2]) / 2
    return Spread(sum(values, Fraction(0)) / n, median, values[-1], n)


def span_before(from_on: dt.date, to_on: dt.date) -> tuple[dt.date, dt.date]:
    """As many days again, ending the day before.

    >>> span_before(dt.date(2026, 9, 1), dt.date(2026, 9, 30))
    (datetime.date(2026, 8, 2), datetime.date(2026, 8, 31))
    """
    return from_on - (to_on - from_on) - dt.timedelta(days=1), from_on - dt.timedelta(days=1)


def change_percent(before: Spread | None, after: Spread | None) -> Fraction | None:
    """How much the mean changed, half up to 0.1 %; nothing where there is no mean, or none to compare with.

    >>> eight, three_days = spread([8 * HOUR], HOUR), spread([72 * HOUR], HOUR)
    >>> change_percent(three_days, eight), change_percent(None, eight)
    (Fraction(-889, 10), None)
    """
    if before is None or after is None or before.mean == 0:
        return None
    return half_up(100 * (after.mean - before.mean) / before.mean)


def report(
    rows: Sequence[Solved],
    columns: Iterable[str],
    rules: ClockRules,
    calendar: Calendar,
    at: dt.datetime,
) -> list[ClassReport]:
    """One report per class, in the order of the classes, also of one that has no problem.

    Parameters
    ----------
    rows : sequence of Solved
        Every problem once.
    columns : iterable of str
        The columns the source has: what it has no column for is unknown.
    rules, calendar, at
        As in `clocks_of`: late is what its clock missed, pauses aside, seen from `at`.
    """
    known = frozenset(columns)
    found = []
    for problem_class in CLASSES:
        mine = [row for row in rows if row.problem_class == problem_class]
        share = half_up(Fraction(100 * len(mine), len(rows))) if rows else None
        found.append(
            ClassReport(
                problem_class,
                len(mine),
                share,
                _late(mine, problem_class, known, rules, calendar, at),
                spread((row.responded_at - row.registered_at for row in mine if row.responded_at), HOUR),
                spread((row.planned_at - row.registered_at for row in mine if row.planned_at), DAY),
                spread((row.resolved_at - row.registered_at for row in mine if row.resolved_at), DAY),
                _confirmed(mine) if "confirmed_by" in known else None,
                _reopened(mine) if "reopened" in known else None,
            )
        )
    return found


def _late(
    rows: Sequence[Solved],
    problem_class: str,
    known: frozenset[str],
    rules: ClockRules,
    calendar: Calendar,
    at: dt.datetime,
) -> int | None:
    if problem_class == LONGTERM or not rows:
        return 0
    if _column(problem_class, rules) not in known:
        return None
    return sum(is_late(row, rules, calendar, at) for row in rows)


def _column(problem_class: str, rules: ClockRules) -> str:
    """The moment that meets the clock of this class."""
    return COLUMN_OF_CLOCK.get(rules.term(problem_class).clock, "planned_at")


def is_late(row: Solved, rules: ClockRules, calendar: Calendar, at: dt.datetime) -> bool:
    """Whether the clock of its class was missed, pauses aside; never of a long-term problem."""
    if row.problem_class == LONGTERM:
        return False
    met_at = row.responded_at if _column(row.problem_class, rules) == "responded_at" else row.planned_at
    case = Case(row.problem, row.problem_class, row.registered_at, met_at)
    return clocks_of(case, rules, calendar, at)[-1].state == MISSED


def _confirmed(rows: Sequence[Solved]) -> dict[str, int]:
    return {who: sum(row.confirmed_by == who for row in rows) for who in CONFIRMED_BY}


def _reopened(rows: Sequence[Solved]) -> int:
    return sum(row.reopened or 0 for row in rows)
