"""The days of a year on which plans fall due as things are: one after the other by days, the next one by hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

MOST = 400  # a daily plan has a line for each day of the year


def days_of_year(due_on: dt.date | None, every_days: int | None, year: int) -> list[dt.date]:
    """Every due of a year, starting from the next one; earlier ones are over, and what never falls due has none.

    Parameters
    ----------
    due_on : date, optional
        The next due.
    every_days : int, optional
        The rhythm by days; without it only the next due is known.

    Examples
    --------
    >>> days_of_year(dt.date(2026, 11, 25), 90, 2027)
    [datetime.date(2027, 2, 23), datetime.date(2027, 5, 24), datetime.date(2027, 8, 22), datetime.date(2027, 11, 20)]
    >>> days_of_year(dt.date(2026, 11, 25), None, 2027)
    []
    """
    return [day for day in _days(due_on, every_days, year) if day.year == year][:MOST]


def _days(due_on: dt.date | None, every_days: int | None, year: int) -> Iterator[dt.date]:
    if due_on is None:
        return
    at, end = due_on.toordinal(), dt.date(year, 12, 31).toordinal()
    if every_days:
        behind = dt.date(year, 1, 1).toordinal() - at
        at += max(0, -(-behind // every_days)) * every_days
    while at <= end:
        yield dt.date.fromordinal(at)
        if not every_days:
            return
        at += every_days
