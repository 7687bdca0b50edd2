"""The rows the product ships: the State Council's notices of 2004–2026, as the library `chinesecalendar` holds them."""

from __future__ import annotations

from functools import cache

from app.identity.calendar.rules import HOLIDAY, WORKDAY, DayRow

FESTIVALS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利日",
}


@cache
def shipped_rows() -> tuple[DayRow, ...]:
    """Every holiday and make-up working day, by day; a year nobody has published has no row."""
    from chinese_calendar import constants

    rows = [DayRow(day, HOLIDAY, name) for day, name in constants.holidays.items()]
    rows += [DayRow(day, WORKDAY, name) for day, name in constants.workdays.items()]
    return tuple(sorted(rows, key=lambda row: row.day))


@cache
def named_rows() -> tuple[DayRow, ...]:
    """The same by their Chinese names, as a park keeps and shows them."""
    return tuple(DayRow(row.day, row.kind, FESTIVALS.get(row.name, row.name)) for row in shipped_rows())


def festival_en(name: str) -> str:
    """What a festival of the shipped rows is called in English."""
    return next((en for en, zh in FESTIVALS.items() if zh == name), name)
