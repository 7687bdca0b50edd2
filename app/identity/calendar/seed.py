"""The rows the product ships: the State Council's notices of 2004–2026, as the library `chinesecalendar` holds them."""

from __future__ import annotations

from functools import cache

from app.identity.calendar.rules import HOLIDAY, WORKDAY, DayRow


@cache
def shipped_rows() -> tuple[DayRow, ...]:
    """Every holiday and make-up working day, by day; a year nobody has published has no row."""
    from chinese_calendar import constants

    rows = [DayRow(day, HOLIDAY, name) for day, name in constants.holidays.items()]
    rows += [DayRow(day, WORKDAY, name) for day, name in constants.workdays.items()]
    return tuple(sorted(rows, key=lambda row: row.day))
