"""How amounts, hours, shares and moments are written for people, in either language."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from app.hall.clock import ZONE

WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MINUS = "\u2212"


def yuan(fen: int) -> str:
    """
    >>> yuan(1248050), yuan(-5)
    ('¥12,480.50', '−¥0.05')
    """
    sign = MINUS if fen < 0 else ""
    return f"{sign}¥{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def number(value: float, digits: int = 0) -> str:
    text = f"{abs(value):,.{digits}f}"
    return (MINUS if value < 0 and text.strip("0.,") else "") + text


def wan(value: float, lang: str = "zh") -> str:
    """Ten thousand yuan with their unit; English counts in millions. One unit on a page, whatever the size.

    >>> wan(10200), wan(990), wan(10200, "en")
    ('10,200 万元', '990 万元', '¥102.00 million')
    """
    if lang == "en":
        return f"{MINUS if value < 0 else ''}¥{abs(value) / 100:,.2f} million"
    return f"{number(value, 0 if float(value).is_integer() else 1)} 万元"


def wan_figure(value: float, lang: str = "zh", sign: bool = False) -> str:
    """The figure alone where its unit stands in the heading: 万元, or millions of yuan in English.

    >>> wan_figure(10200.5), wan_figure(10200.5, "en"), wan_figure(0, "en"), wan_figure(-32, "en", sign=True)
    ('10,200.5', '102.01', '0', '\u22120.32')
    """
    if lang == "en":
        value = float((Decimal(repr(float(value))) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP))
    text = number(value, 2)
    if lang != "en" or not value:
        text = text.rstrip("0").rstrip(".")
    return ("+" if sign and value > 0 else "") + text


def percent(ratio: float, digits: int = 1) -> str:
    """
    >>> percent(0.77), percent(-0.05)
    ('77.0 %', '−5.0 %')
    """
    return f"{number(ratio * 100, digits)} %"


def signed(value: float, digits: int = 0) -> str:
    """
    >>> signed(1200), signed(-732), signed(0)
    ('+1,200', '−732', '0')
    """
    return ("+" if value > 0 else "") + number(value, digits)


def hours(minutes: float) -> str:
    """
    >>> hours(90), hours(120)
    ('1.5', '2')
    """
    value = minutes / 60
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def day(value: dt.date | dt.datetime) -> str:
    if isinstance(value, dt.datetime):
        value = value.astimezone(ZONE)
    return f"{value:%Y-%m-%d}"


def clock_time(value: dt.datetime) -> str:
    return f"{value.astimezone(ZONE):%H:%M}"


def moment(value: dt.datetime) -> str:
    return f"{value.astimezone(ZONE):%Y-%m-%d %H:%M}"


def long_day(value: dt.date | dt.datetime, lang: str = "zh") -> str:
    """
    >>> long_day(dt.date(2026, 11, 23)), long_day(dt.date(2026, 11, 23), "en")
    ('11月23日 周一', 'Mon 23 Nov')
    """
    if isinstance(value, dt.datetime):
        value = value.astimezone(ZONE).date()
    if lang == "en":
        return f"{WEEKDAYS_EN[value.weekday()]} {value.day} {MONTHS_EN[value.month - 1]}"
    return f"{value.month}月{value.day}日 周{WEEKDAYS_ZH[value.weekday()]}"


def span(start: dt.datetime, end: dt.datetime, lang: str = "zh") -> str:
    """
    >>> nine = dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC)
    >>> span(nine, nine + dt.timedelta(hours=3))
    '11月23日 周一 09:00–12:00'
    """
    first, last = start.astimezone(ZONE), end.astimezone(ZONE)
    ends_at_midnight = last.hour == last.minute == 0 and (last.date() - first.date()).days == 1
    tail = "24:00" if ends_at_midnight else f"{last:%H:%M}"
    if first.date() != last.date() and not ends_at_midnight:
        tail = f"{long_day(last.date(), lang)} {tail}"
    return f"{long_day(first.date(), lang)} {first:%H:%M}–{tail}"
