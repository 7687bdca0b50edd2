"""Lengths of time as people say them: hours and days, minutes only where somebody means minutes."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from app.hall.text.normalise import comparable

HOUR, DAY = 60, 1440
LONGEST = 366 * DAY
_UNITS = {
    **dict.fromkeys(("分", "分钟", "min", "mins", "minute", "minutes", "m"), 1),
    **dict.fromkeys(("", "小时", "个小时", "时", "钟头", "h", "hr", "hrs", "hour", "hours"), HOUR),
    **dict.fromkeys(("天", "日", "d", "day", "days"), DAY),
    **dict.fromkeys(("周", "星期", "w", "week", "weeks"), 7 * DAY),
}
_PART = re.compile(r"(\d{1,6}(?:\.\d{1,4})?|半)\s*个?(半?)\s*([^\d\s.]{0,8})\s*", re.ASCII)
_WORDS = {"zh": ("天", "小时", "分钟"), "en": ("day", "hour", "min")}


def read_minutes(text: str, bare: int = HOUR) -> int | None:
    """Whole minutes of a length of time, or None where it is none; a number alone counts in `bare` minutes.

    >>> [read_minutes(text) for text in ("8", "１．５ 小时", "90分钟", "半小时", "1 天", "2 h 30 min", "2 days")]
    [480, 90, 90, 30, 1440, 150, 2880]
    >>> read_minutes("8:30"), read_minutes("-1"), read_minutes("0.001"), read_minutes("3 年"), read_minutes("")
    (None, None, None, None, None)
    """
    rest = comparable(text).strip()[:40]
    total, parts = Decimal(0), 0
    while rest:
        found = _PART.match(rest)
        unit = _UNITS.get(found[3]) if found else None
        if found is None or unit is None or parts == 3:
            return None
        unit = unit if found[3] else bare
        try:
            number = Decimal("0.5") if found[1] == "半" else Decimal(found[1])
        except InvalidOperation:
            return None
        total += (number + (Decimal("0.5") if found[2] else 0)) * unit
        rest, parts = rest[found.end() :], parts + 1
    if not parts or total != int(total) or total > LONGEST:
        return None
    return int(total)


def span_text(minutes: int, lang: str = "zh") -> str:
    """The same length in the largest unit that needs no fraction beyond halves; what `read_minutes` reads again.

    >>> [span_text(minutes) for minutes in (0, 30, 90, 480, 1440, 2880, 2160, 100)]
    ['0 分钟', '30 分钟', '1.5 小时', '8 小时', '1 天', '2 天', '36 小时', '100 分钟']
    >>> [span_text(minutes, "en") for minutes in (30, 60, 90, 1440, 2880)]
    ['30 min', '1 hour', '1.5 hours', '1 day', '2 days']
    """
    day, hour, minute = _WORDS["en" if lang == "en" else "zh"]
    if minutes and minutes % DAY == 0:
        return _said(minutes // DAY, day, lang)
    if minutes >= HOUR and minutes % (HOUR // 2) == 0:
        return _said(minutes / HOUR, hour, lang)
    return f"{minutes} {minute}"


def _said(number: float, unit: str, lang: str) -> str:
    return f"{number:g} {unit}{'s' if lang == 'en' and number != 1 else ''}"
