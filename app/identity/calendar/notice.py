"""Days off and make-up days as they are published: the State Council's text, lines of days, a calendar file."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from app.hall.errors import Invalid, Reason
from app.hall.text.numbers import whole
from app.identity.calendar.rules import HOLIDAY, KINDS, WORKDAY, DayRow

MOST_DAYS = 400
LONGEST_TEXT = 20_000
_YEAR_OF_TITLE = re.compile(r"(?:关于|^|\s)((?:19|20)\d{2})年(?:部分)?节假日")
_ITEM = re.compile(r"^[一二三四五六七八九十]{1,3}、([^：:]{1,30})[：:]")
_BRACKETS = re.compile(r"[（(][^（）()]{0,60}[）)]")
_DATE = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日"
_SPAN = re.compile(_DATE + r"(?:\s?[至到—–~-]{1,2}\s?" + _DATE + r")?")
_LINE = re.compile(r"^(\d{4}-\d{2}-\d{2})\s?[,，\t ]\s?(holiday|workday)(?:\s?[,，\t ]\s?(.{0,60}))?$")


@dataclass
class _Reading:
    """Where the reading stands: the year of the notice, the festival, and the month that a bare day inherits."""

    year: int
    name: str = ""
    month: int = 0


def read_notice(text: str, year: int | None = None) -> list[DayRow]:
    """Days of a notice or of lines `2026-10-01, holiday, 国庆节`, in order; a later line of a day wins.

    Parameters
    ----------
    text : str
        At most 20,000 characters.
    year : int, optional
        Of a notice whose title does not say it.

    >>> text = "二、清明节：4月4日（周六）至6日（周一）放假，共3天。4月11日（周六）上班。"
    >>> [(row.day.day, row.kind) for row in read_notice(text, 2026)]
    [(4, 'holiday'), (5, 'holiday'), (6, 'holiday'), (11, 'workday')]
    """
    text = text[: LONGEST_TEXT + 1]
    if len(text) > LONGEST_TEXT:
        raise Invalid("days_many", most=MOST_DAYS)
    listed = [line.strip() for line in text.splitlines() if line.strip()]
    if listed and _LINE.match(listed[0]):
        return _sorted(_read_lines(listed))
    titled = _YEAR_OF_TITLE.search(text)
    found = int(titled[1]) if titled else year
    if found is None:
        raise Invalid("days_year", at="year")
    return _sorted(_read_sentences(text, _Reading(found)))


def _sorted(rows: list[DayRow]) -> list[DayRow]:
    by_day = {row.day: row for row in rows}
    if not by_day:
        raise Invalid("days_unread", at="text")
    if len(by_day) > MOST_DAYS:
        raise Invalid("days_many", most=MOST_DAYS, at="text")
    return [by_day[day] for day in sorted(by_day)]


def _read_lines(lines: list[str]) -> list[DayRow]:
    rows, reasons = [], []
    for number, line in enumerate(lines, 1):
        found = _LINE.match(line)
        day = _day_of(found[1]) if found else None
        if found is None or day is None or found[2] not in KINDS:
            reasons.append(Reason("days_wrong", {"line": number, "text": line[:60], "at": "text"}))
        else:
            rows.append(DayRow(day, found[2], (found[3] or "").strip()))
    if reasons:
        raise Invalid("days_wrong", reasons[:20], **reasons[0].params)
    return rows


def _day_of(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _read_sentences(text: str, state: _Reading) -> list[DayRow]:
    rows: list[DayRow] = []
    for line in text.splitlines():
        line = _BRACKETS.sub("", line.strip())
        item = _ITEM.match(line)
        if item:
            state.name, state.month = item[1].strip(), 0
            line = line[item.end() :]
        if not state.name:
            continue
        for sentence in re.split(r"[。；;]", line):
            if "上班" in sentence:
                rows += _days(sentence.partition("上班")[0], WORKDAY, state)
            elif "放假" in sentence or "休" in sentence:
                rows += _days(re.split("放假|休", sentence)[0], HOLIDAY, state)
    return rows


def _days(text: str, kind: str, state: _Reading) -> list[DayRow]:
    rows: list[DayRow] = []
    for found in _SPAN.finditer(text):
        first = _date(found.group(1, 2, 3), state)
        last = _date(found.group(4, 5, 6), state) if found[6] else first
        if first is None or last is None:
            continue
        if last < first:
            last = last.replace(year=first.year + 1)
        count = min((last - first).days + 1, MOST_DAYS + 1)
        rows += [DayRow(first + dt.timedelta(days=n), kind, state.name) for n in range(count)]
    return rows


def _date(parts: tuple[str | None, ...], state: _Reading) -> dt.date | None:
    year = whole(parts[0] or "") or state.year
    state.month = whole(parts[1] or "") or state.month
    try:
        return dt.date(year, state.month, whole(parts[2] or "") or 0)
    except ValueError:
        return None


MAKE_UP = ("班", "workday")
_NOISE = re.compile(r"[（(]?(休|班|补班|放假|假期|上班|调休)[）)]?|第\d{1,2}天.{0,12}$|\d{1,2}/\d{1,2}")


def read_calendar_file(data: bytes) -> list[DayRow]:
    """Whole days of an iCalendar file: `班` in the title is a make-up working day, everything else a day off."""
    from icalendar import Calendar

    if not data.lstrip()[:15].upper().startswith(b"BEGIN:VCALENDAR"):
        raise Invalid("calendar_file", at="file")
    try:
        events = Calendar.from_ical(data).walk("VEVENT")
    except ValueError:
        raise Invalid("calendar_file", at="file") from None
    rows: list[DayRow] = []
    for event in events[: MOST_DAYS + 1]:
        first = event.decoded("DTSTART", None)
        if not isinstance(first, dt.date) or isinstance(first, dt.datetime):
            continue
        end = event.decoded("DTEND", None)
        days = (end - first).days if type(end) is dt.date else 1
        title = str(event.get("SUMMARY", ""))[:120]
        kind = WORKDAY if any(word in title.lower() for word in MAKE_UP) else HOLIDAY
        name = _NOISE.sub("", title).strip(" ·-—:：,，")[:60] or title[:60]
        rows += [
            DayRow(first + dt.timedelta(days=n), kind, name) for n in range(max(1, min(days, MOST_DAYS + 1)))
        ]
    return _sorted(rows)


def as_lines(rows: list[DayRow]) -> str:
    """The same days as lines that `read_notice` reads again."""
    return "\n".join(f"{row.day.isoformat()}, {row.kind}, {row.name}".rstrip(", ") for row in rows)
