"""How people here write days, times of day and moments: 2027/3/1, 2027年3月1日, a serial, 9:00, 9：00, 下午3点半."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from app.hall.files.cells import BadCell, shown
from app.hall.files.sheets.grammar import plain
from app.hall.files.values import FIRST_DAY, LAST_DAY
from app.hall.text.numbers import whole

ZONE = ZoneInfo("Asia/Shanghai")
DAY_MINUTES = 24 * 60
_DAY = re.compile(r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*日?", re.ASCII)
_SHORT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*月?(?:份)?", re.ASCII)
_TIME = re.compile(
    r"(上午|下午|晚上|中午|早上|am|pm)?(\d{1,2})[:时点](?:(\d{1,2}|半)分?)?(?::(\d{2})|整)?(am|pm)?",
    re.ASCII,
)
_OFFSET = re.compile(r"(z|[+-]\d\d:\d\d)$")
_LATE = ("下午", "晚上", "pm")
_ZERO_DAY = dt.date(1899, 12, 30)
_SERIALS = (367, 109_574)  # 1901 to 2199: below is a number, no day


def of_serial(value: float) -> dt.datetime:
    """The moment a spreadsheet's serial stands for.

    >>> of_serial(46447.375)
    datetime.datetime(2027, 3, 1, 9, 0)
    """
    if not _SERIALS[0] <= value <= _SERIALS[1]:
        raise BadCell("sheet_not_a_day", value=f"{value:.15g}")
    seconds = round((value % 1) * 86_400)
    return dt.datetime.combine(_ZERO_DAY, dt.time()) + dt.timedelta(days=int(value), seconds=seconds)


def read_day(text: str) -> dt.date:
    """A day, 1900 to 2199; day and month of two digits alone are a guess and refused.

    >>> [read_day(t).isoformat() for t in ("2027/3/1", "2027年3月1日", "２０２７－０３－０１", "20270301", "46447")]
    ['2027-03-01', '2027-03-01', '2027-03-01', '2027-03-01', '2027-03-01']
    >>> read_day("3/1/2027")
    Traceback (most recent call last):
    ...
    app.hall.files.cells.BadCell: sheet_not_a_day
    """
    word = re.sub(r"\s+0?0:00(:00)?$", "", plain(text))
    found = _DAY.fullmatch(word) or _SHORT.fullmatch(word)
    try:
        if found is None and len(word) in (4, 5, 6) and whole(word) is not None:
            day = of_serial(int(word)).date()
        elif found is None:
            raise ValueError
        else:
            day = dt.date(*(int(part) for part in found.groups()))
    except ValueError:
        raise BadCell("sheet_not_a_day", value=shown(text)) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadCell("sheet_not_a_day", value=shown(text))
    return day


def read_month(text: str) -> str:
    """A month as `YYYY-MM`; of a day its month.

    >>> read_month("2027年3月"), read_month("2027/3"), read_month("2027-03-31")
    ('2027-03', '2027-03', '2027-03')
    """
    word = plain(text)
    found = _MONTH.fullmatch(word)
    if found is None:
        return read_day(text).isoformat()[:7]
    year, month = int(found[1]), int(found[2])
    if not 1 <= month <= 12 or not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise BadCell("sheet_not_a_day", value=shown(text))
    return f"{year:04d}-{month:02d}"


def read_time(text: str) -> int:
    """A time of day in minutes from midnight; 24:00 is the end of the day.

    >>> [read_time(t) for t in ("9:00", "9：00", "下午3点半", "17时30分", "24:00", "09:30:00", "3:05 PM")]
    [540, 540, 930, 1050, 1440, 570, 905]
    """
    found = _TIME.fullmatch("".join(plain(text).split()))
    if found is None:
        raise BadCell("sheet_not_a_time", value=shown(text))
    before, hour_text, minute_text, second, after = found.groups()
    half = before or after
    hour = int(hour_text)
    if half and half in _LATE and hour < 12:
        hour += 12
    elif half in ("am", "上午") and hour == 12:
        hour = 0
    minute = 30 if minute_text == "半" else int(minute_text or 0)
    if minute > 59 or (second or "00") != "00" or hour * 60 + minute > DAY_MINUTES:
        raise BadCell("sheet_not_a_time", value=shown(text))
    return hour * 60 + minute


def of_day_part(value: float) -> int:
    """A time of day that a spreadsheet keeps as part of a day.

    >>> of_day_part(0.375)
    540
    """
    minutes = round(value * DAY_MINUTES)
    if not 0 <= value <= 1 or abs(minutes - value * DAY_MINUTES) > 0.01:
        raise BadCell("sheet_not_a_time", value=f"{value:.15g}")
    return minutes


def read_moment(text: str) -> dt.datetime:
    """A moment; without an offset it is the park's own time.

    >>> read_moment("2027/3/1 9：00").isoformat(), read_moment("2027-03-01T01:00:00Z").isoformat()
    ('2027-03-01T09:00:00+08:00', '2027-03-01T01:00:00+00:00')
    """
    word = plain(text)
    day, sep, time = re.sub(r"(?<=[\d日])t(?=\d)", " ", word, count=1).partition(" ")
    if not sep:
        day, sep, time = word.partition("日")
        day += sep
    offset = _OFFSET.search(time)
    zone: dt.tzinfo = ZONE
    if offset:
        time = time[: offset.start()]
        zone = dt.UTC if offset[0] == "z" else _zone(offset[0], text)
    if not time.strip():
        raise BadCell("sheet_not_a_moment", value=shown(text))
    try:
        minutes = read_time(time.strip())
        return dt.datetime.combine(read_day(day), dt.time(), zone) + dt.timedelta(minutes=minutes)
    except BadCell:
        raise BadCell("sheet_not_a_moment", value=shown(text)) from None


def _zone(offset: str, text: str) -> dt.tzinfo:
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    if hours > 14 or minutes > 59:
        raise BadCell("sheet_not_a_moment", value=shown(text))
    delta = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-delta if offset[0] == "-" else delta)
