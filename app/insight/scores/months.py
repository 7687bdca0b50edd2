"""Which month is the last that is over, and from which on something can show; months themselves are the house's."""

from __future__ import annotations

import datetime as dt

from app.hall.months import first_day, last_day, month_of

__all__ = ["first_day", "last_day", "last_finished", "month_of", "shows_from"]


def last_finished(today: dt.date) -> int:
    """The last month that is over on this day."""
    return month_of(today) - 1


def shows_from(starts_on: dt.date) -> int:
    """The first whole month of something that starts on this day.

    >>> first_day(shows_from(dt.date(2026, 9, 1))), first_day(shows_from(dt.date(2026, 9, 2)))
    (datetime.date(2026, 9, 1), datetime.date(2026, 10, 1))
    """
    return month_of(starts_on) + (starts_on.day > 1)
