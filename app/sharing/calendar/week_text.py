"""Opening hours as people write them in one line: days in either language or as digits, several spans a day."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.hall.errors import Refusal
from app.hall.text.normalise import comparable
from app.sharing.calendar.rules import DAY, OpeningHours, clock_text, opening_hours

_SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "﹣": "-", "。": ";", "．": "."})
_SAID = (
    ("每周", ""),
    ("每天", "1-7 "),
    ("每日", "1-7 "),
    ("天天", "1-7 "),
    ("every day", "1-7 "),
    ("daily", "1-7 "),
    ("工作日", "1-5 "),
    ("weekdays", "1-5 "),
    ("周末", "6-7 "),
    ("weekends", "6-7 "),
    ("全天候", " 0:00-24:00"),
    ("全天", " 0:00-24:00"),
    ("24小时", " 0:00-24:00"),
    ("around the clock", " 0:00-24:00"),
    ("all day", " 0:00-24:00"),
)
_ENGLISH = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}", re.ASCII)
_NUMBER_OF = {name: str(n) for n, name in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], 1)}
_ZH = {
    day: n for n, days in enumerate(("1一", "2二", "3三", "4四", "5五", "6六", "7日天"), 1) for day in days
}
_DAY = r"(?:周|星期|礼拜)?([一二三四五六日天]|[1-7](?![\d:点时]))"
_DAYS = re.compile(rf"{_DAY}(?:\s?(?:-|至|到|~|to)\s?{_DAY})?", re.ASCII)
_CLOCK = r"(\d{1,2})(?:[:点时](半|\d{2})?分?)?"
_HOURS = re.compile(rf"{_CLOCK}\s?(?:-|至|到|~|to)\s?{_CLOCK}", re.ASCII)
MOST = 70


def read_week(text: str) -> list[OpeningHours] | None:
    """The opening hours that a text says; None where any part of it is not understood.

    >>> [str(one) for one in week_lines(read_week("周一至周二 9：00-17:00；周六 10点到12点半"))]
    ['1 09:00-17:00', '2 09:00-17:00', '6 10:00-12:30']
    >>> week_lines(read_week("Mon, Wed 8:30-12:00, 13:00-17:30"))
    ['1 08:30-12:00', '1 13:00-17:30', '3 08:30-12:00', '3 13:00-17:30']
    >>> len(read_week("每天全天")), read_week("９：００－１７：００"), read_week("周一 25:00-26:00")
    (7, None, None)
    """
    said = comparable(text[:2000]).translate(_SIGNS)
    for words, meant in _SAID:
        said = said.replace(words, meant)
    said = _ENGLISH.sub(lambda found: _NUMBER_OF[found[1]], said)
    rules: list[OpeningHours] = []
    for part in filter(None, (one.strip() for one in re.split(r"[;\n]", said))):
        found = _part(part)
        if not found or len(rules) > MOST:
            return None
        rules += found
    return sorted(dict.fromkeys(rules)) or None


def _part(part: str) -> list[OpeningHours] | None:
    days: list[int] = []
    while (one := _DAYS.match(part)) is not None:
        first = _ZH[one[1]]
        last = _ZH[one[2]] if one[2] else first
        days += range(first, last + 1) if last >= first else [*range(first, 8), *range(1, last + 1)]
        part = part[one.end() :].lstrip(" ,、和及:")
    spans: list[tuple[str, str]] = []
    while (two := _HOURS.match(part)) is not None:
        spans.append((_clock(two[1], two[2]), _clock(two[3], two[4])))
        part = part[two.end() :].lstrip(" ,、和及")
    if part or not days or not spans:
        return None
    try:
        return [opening_hours(day, *span) for day in days for span in spans]
    except Refusal:
        return None


def _clock(hours: str, minutes: str | None) -> str:
    return f"{int(hours):02d}:{'30' if minutes == '半' else minutes or '00'}"


def week_lines(rules: Iterable[OpeningHours] | None) -> list[str]:
    """Each rule as an export writes it: `1 09:00-17:00`."""
    return [f"{r.weekday} {clock_text(r.opens)}-{clock_text(r.closes)}" for r in rules or ()]


def week_text(rules: Iterable[OpeningHours], names: dict[int, str], until: str) -> str:
    """The week in few words: days with the same hours that follow each other are said once.

    >>> names = dict(enumerate("一二三四五六日", 1))
    >>> week_text(read_week("周一至周五 9:00-17:00；周日 10:00-12:00"), names, "至")
    '一至五 09:00–17:00；日 10:00–12:00'
    """
    of: dict[int, list[str]] = {}
    for rule in sorted(rules):
        of.setdefault(rule.weekday, []).append(f"{clock_text(rule.opens)}–{clock_text(rule.closes)}")
    groups: list[tuple[int, int, list[str]]] = []
    for day, hours in of.items():
        if groups and groups[-1][1] == day - 1 and groups[-1][2] == hours:
            groups[-1] = (groups[-1][0], day, hours)
        else:
            groups.append((day, day, hours))
    said = []
    for first, last, hours in groups:
        days = names[first] if first == last else f"{names[first]}{until}{names[last]}"
        said.append(f"{days} {'、'.join(hours)}")
    return "；".join(said)


def minutes_of_week(rules: Iterable[OpeningHours]) -> int:
    """Minutes open in one week, what overlaps counted once.

    >>> minutes_of_week(read_week("1 09:00-17:00; 1 12:00-18:00"))
    540
    """
    total, end = 0, 0
    for start, stop in sorted((r.weekday * DAY + r.opens, r.weekday * DAY + r.closes) for r in rules):
        total += max(0, stop - max(start, end))
        end = max(end, stop)
    return total
