"""On which days a series falls: every n weeks on some weekdays, every n days, or on working days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

ONE_DAY = dt.timedelta(days=1)
MOST = 104
Unit = Literal["weekly", "daily", "workdays"]


@dataclass(frozen=True)
class Rhythm:
    """`weeks` weeks (weekly) or so many dates (daily, on working days), every so many weeks or days.

    ``weekdays`` are ISO numbers, empty for the weekday of the first date; `partly` leaves out dates that do not fit.
    """

    weeks: int
    every: int = 1
    partly: bool = False
    unit: Unit = "weekly"
    weekdays: frozenset[int] = frozenset()


def days(first: dt.date, rhythm: Rhythm, works: Callable[[dt.date], bool]) -> list[dt.date]:
    """The days of the series, in order; at most `MOST` + 1, so that one too many is seen.

    Parameters
    ----------
    works : callable
        Whether the park works on a day; asked for `workdays` only.

    >>> weekly = Rhythm(2, every=2, weekdays=frozenset({1, 4}))
    >>> [f"{d:%m-%d}" for d in days(dt.date(2026, 12, 3), weekly, lambda d: True)]  # a Thursday
    ['12-03', '12-14', '12-17']
    >>> weekdays_only = lambda d: d.weekday() < 5
    >>> [d.day for d in days(dt.date(2026, 12, 3), Rhythm(3, unit="workdays"), weekdays_only)]
    [3, 4, 7]
    """
    if rhythm.unit == "weekly":
        monday = first - dt.timedelta(days=first.isoweekday() - 1)
        wanted = sorted(rhythm.weekdays or {first.isoweekday()})
        found = [
            monday + dt.timedelta(weeks=week * rhythm.every, days=weekday - 1)
            for week in range(rhythm.weeks)
            for weekday in wanted
        ]
        return [day for day in found if day >= first][: MOST + 1]
    if rhythm.unit == "daily":
        return [first + n * rhythm.every * ONE_DAY for n in range(min(rhythm.weeks, MOST + 1))]
    found, day = [], first
    while len(found) < min(rhythm.weeks, MOST + 1) and (day - first).days <= 10 * MOST:
        if works(day):
            found.append(day)
        day += ONE_DAY
    return found[:: rhythm.every]
