"""A month at a glance: how much of every day can still be booked, instrument by instrument."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.hall import clock
from app.sharing.bookings.board import gaps_of, usable
from app.sharing.calendar import stock
from app.sharing.calendar.park_time import date_of, minute_of, whole_days
from app.sharing.calendar.rules import DAY, Interval, open_times
from app.sharing.catalogue.models import Resource

SHADES = 4


@dataclass(frozen=True)
class DayShare:
    """Minutes open and still free on one day; `level` is 0 (nothing left) … 4 (all of it), None while closed."""

    day: dt.date
    opened: int
    free: int

    @property
    def level(self) -> int | None:
        return -(-SHADES * self.free // self.opened) if self.opened else None


@dataclass(frozen=True)
class MonthRow:
    resource: Resource
    days: list[DayShare]

    @property
    def free(self) -> int:
        return sum(day.free for day in self.days)


def month_rows(resources: Sequence[Resource], first: dt.date, last: dt.date) -> list[MonthRow]:
    """Every instrument with its days; time that has passed or is too short to book is not free."""
    window = whole_days(first, last)
    calendars = stock.calendars(resources, window)
    states = stock.unit_states([r.id for r in resources], Interval(window.start - DAY, window.end + DAY))
    now = minute_of(clock.now())
    rows = []
    for resource in resources:
        calendar = calendars[resource.id]
        gaps = gaps_of(resource, calendar, states[resource.id], window)
        opened = _by_day(open_times(calendar, window))
        free = _by_day(usable(resource, gaps, now))
        days = [
            DayShare(date_of(n), opened.get(n, 0), free.get(n, 0))
            for n in range(window.start // DAY, window.end // DAY)
        ]
        rows.append(MonthRow(resource, days))
    return rows


def in_all(rows: Sequence[MonthRow]) -> list[DayShare]:
    """The same days over all instruments."""
    return [
        DayShare(days[0].day, sum(d.opened for d in days), sum(d.free for d in days))
        for days in zip(*(row.days for row in rows), strict=True)
    ]


def _by_day(spans: Iterable[Interval]) -> dict[int, int]:
    """Minutes per day number; a span over midnight counts for both its days."""
    found: dict[int, int] = {}
    for span in spans:
        at = span.start
        while at < span.end:
            until = min(span.end, (at // DAY + 1) * DAY)
            found[at // DAY] = found.get(at // DAY, 0) + until - at
            at = until
    return found
