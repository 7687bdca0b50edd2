"""Calendar months as whole numbers, twelve a year: their names, their days, whole months between two days.

The one place where the house reckons in months; days that lie months apart are `clock.months_later`.
"""

from __future__ import annotations

import datetime as dt
import re

from app.hall.clock import months_later

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def read_month(text: str) -> int | None:
    """The number of a month, or nothing where the text is no month.

    >>> read_month("2026-09"), read_month("2026-13"), read_month("2026-9"), read_month("0000-01")
    (24320, None, None, None)
    """
    found = _MONTH.fullmatch(text)
    if found is None or found[1] == "0000":
        return None
    return int(found[1]) * 12 + int(found[2]) - 1


def month_name(month: int) -> str:
    """
    >>> month_name(24320)
    '2026-09'
    """
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def month_of(day: dt.date) -> int:
    """The number of a day's month.

    >>> month_of(dt.date(2026, 8, 31))
    24319
    """
    return day.year * 12 + day.month - 1


def first_day(month: int) -> dt.date:
    """
    >>> first_day(24319)
    datetime.date(2026, 8, 1)
    """
    return dt.date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> dt.date:
    """
    >>> last_day(24319)
    datetime.date(2026, 8, 31)
    """
    return first_day(month + 1) - dt.timedelta(days=1)


def months_between(first: dt.date, last: dt.date) -> int:
    """The largest number of months after `first` that is not after `last`; negative where `first` lies ahead.

    >>> months_between(dt.date(2024, 2, 15), dt.date(2025, 2, 14)), months_between(dt.date(2024, 1, 31), dt.date(2024, 2, 29))
    (11, 1)
    >>> months_between(dt.date(2026, 12, 15), dt.date(2026, 10, 5))
    -3
    """
    months = month_of(last) - month_of(first)
    return months if months_later(first, months) <= last else months - 1
