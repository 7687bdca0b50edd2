"""Which month a policy looks at, and days as its files write them; months themselves are the house's."""

from __future__ import annotations

import datetime as dt
import re

from app.hall.months import month_name, month_of, months_between, read_month

__all__ = ["month_name", "months_between", "read_day", "read_month", "reported_month"]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_day(text: str) -> dt.date | None:
    """
    >>> read_day("2026-09-30"), read_day("2026-09-31")
    (datetime.date(2026, 9, 30), None)
    """
    if not _DAY.fullmatch(text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def reported_month(day: dt.date, reported_from: int = 16) -> int:
    """The month that is looked at on a day: the last one, from the 16th on; before that the one before it.

    >>> month_name(reported_month(dt.date(2026, 10, 16))), month_name(reported_month(dt.date(2026, 10, 15)))
    ('2026-09', '2026-08')
    """
    return month_of(day) - (1 if day.day >= reported_from else 2)
