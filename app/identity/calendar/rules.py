"""Working days and hours, so that every room counts the same days and knows which years nobody has published yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from app.hall.text.numbers import whole

ZONE = ZoneInfo("Asia/Shanghai")
HOLIDAY, WORKDAY = "holiday", "workday"
KINDS = (HOLIDAY, WORKDAY)
DAY_MINUTES = 24 * 60
ONE_DAY = dt.timedelta(days=1)
DEFAULT_HOURS = ((9 * 60, 12 * 60), (13 * 60, 17 * 60 + 30))

Hours = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class DayRow:
    """One row of the calendar: a day off (`holiday`) or a make-up working day (`workday`)."""

    day: dt.date
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Rows by day, and the spans of a working day as minutes from midnight, in order, none touching the next."""

    kinds: Mapping[dt.date, str]
    hours: Hours = DEFAULT_HOURS
    published: frozenset[int] = field(default_factory=frozenset)

    def works(self, day: dt.date) -> bool:
        """Whether the offices work that day: its row says so, or it has none and is Monday to Friday."""
        kind = self.kinds.get(day)
        return day.weekday() < 5 if kind is None else kind == WORKDAY

    def provisional(self, start: dt.date, due: dt.date) -> bool:
        """Whether one of the days after `start` up to `due` lies in a year without a published holiday."""
        first = (start + ONE_DAY).year
        return start < due and any(year not in self.published for year in range(first, due.year + 1))

    def next_working_day(self, day: dt.date) -> dt.date:
        """The first working day after `day`.

        >>> calendar_of([]).next_working_day(dt.date(2026, 11, 27))
        datetime.date(2026, 11, 30)
        """
        day += ONE_DAY
        while not self.works(day):
            day += ONE_DAY
        return day

    def hours_later(self, start: dt.datetime, span: dt.timedelta) -> dt.datetime:
        """The moment at which `span` of working time after `start` is over.

        Parameters
        ----------
        start : datetime
            An aware moment; time outside the working hours does not count.
        span : timedelta
            Working time, more than nothing.

        >>> nine = dt.datetime(2026, 11, 27, 9, tzinfo=ZONE)
        >>> calendar_of([]).hours_later(nine, dt.timedelta(hours=8)).isoformat()
        '2026-11-30T09:30:00+08:00'
        """
        local = start.astimezone(ZONE)
        day, left = local.date(), span
        while True:
            if self.works(day):
                for first, last in self.hours:
                    begin = max(_minute(day, first), local)
                    length = _minute(day, last) - begin
                    if length >= left:
                        return begin + left
                    if length > dt.timedelta():
                        left -= length
            day += ONE_DAY

    def working_moment(self, moment: dt.datetime) -> dt.datetime:
        """`moment` itself inside the working hours, else when they begin next: quiet hours of messages.

        >>> late = dt.datetime(2026, 11, 27, 18, tzinfo=ZONE)
        >>> calendar_of([]).working_moment(late).isoformat()
        '2026-11-30T09:00:00+08:00'
        """
        local = moment.astimezone(ZONE)
        day = local.date()
        while True:
            if self.works(day):
                for first, last in self.hours:
                    if local < _minute(day, last):
                        return max(_minute(day, first), local)
            day += ONE_DAY


def calendar_of(rows: Iterable[DayRow], hours: Hours = DEFAULT_HOURS) -> Calendar:
    """The calendar of these rows; a year is published when it has a holiday.

    >>> newyear = DayRow(dt.date(2026, 1, 1), "holiday")
    >>> found = calendar_of([newyear])
    >>> found.works(newyear.day), found.works(dt.date(2026, 1, 2)), sorted(found.published)
    (False, True, [2026])
    """
    kinds = {row.day: row.kind for row in rows}
    published = frozenset(day.year for day, kind in kinds.items() if kind == HOLIDAY)
    return Calendar(kinds, hours, published)


def read_hours(spans: Iterable[tuple[str, str]]) -> Hours:
    """Spans `("09:00", "12:00")` as minutes; `ValueError` where one is no time, empty, or not after the one before.

    >>> read_hours([("09:00", "12:00"), ("13:00", "24:00")])
    ((540, 720), (780, 1440))
    """
    found: list[tuple[int, int]] = []
    for first, last in spans:
        begin, end = _clock_time(first), _clock_time(last)
        if begin >= end or (found and begin < found[-1][1]):
            raise ValueError(f"{first}-{last}")
        found.append((begin, end))
    if not found:
        raise ValueError("no span")
    return tuple(found)


def _clock_time(text: str) -> int:
    hour, minute = whole(text[:2]), whole(text[3:])
    if len(text) != 5 or text[2] != ":" or hour is None or minute is None:
        raise ValueError(text)
    if hour * 60 + minute > DAY_MINUTES or minute > 59:
        raise ValueError(text)
    return hour * 60 + minute


def _minute(day: dt.date, minute: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZONE) + dt.timedelta(minutes=minute)
