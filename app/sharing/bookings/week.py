"""How full a stretch of days is: what was open, what of it was booked, and what can still be had."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.sharing.bookings.board import from_now
from app.sharing.bookings.models import Booking
from app.sharing.calendar import stock
from app.sharing.calendar.park_time import interval, minute_of
from app.sharing.calendar.rules import (
    DAY,
    LONGEST_BOOKING,
    Interval,
    clipped,
    free_of_opening,
    open_times_of,
    total_minutes,
    without,
)
from app.sharing.states import BLOCKING

TOOK_PLACE = ("completed", "no_show", "disputed", "adjusted", "settled")
SUNDAY = 6


class Looked(Protocol):
    """What must be known of an instrument for its figures: a whole row, or a line of a list."""

    @property
    def id(self) -> int: ...
    @property
    def open_on_holidays(self) -> bool: ...
    @property
    def step_minutes(self) -> int: ...
    @property
    def min_minutes(self) -> int: ...
    @property
    def buffer_before_minutes(self) -> int: ...
    @property
    def buffer_minutes(self) -> int: ...


@dataclass(frozen=True)
class Fullness:
    """Minutes over all units: open without outages, booked of it, and what can still be booked from now on."""

    opened: int
    booked: int
    bookable: int

    @property
    def booked_ratio(self) -> float | None:
        """Booked ÷ open; nothing where nothing was open."""
        return self.booked / self.opened if self.opened else None


def first_day(day: dt.date) -> dt.date:
    """The Monday of a day; today's week begins today on a Sunday, when the old week has nothing left to book."""
    if day == clock.today() and day.weekday() == SUNDAY:
        return day
    return day - dt.timedelta(days=day.weekday())


def fullness(resources: Sequence[Looked], start: dt.datetime, end: dt.datetime) -> Fullness:
    """The figures of these instruments in [start, end).

    Booked is what is asked for, confirmed or took place, up to the moment it ended: an hour given back is not booked.
    """
    window, now = interval(start, end), minute_of(clock.now())
    calendars = stock.calendars(resources, window)
    states = stock.unit_states([r.id for r in resources], Interval(window.start - DAY, window.end + DAY))
    taken = _taken([r.id for r in resources], start, end)
    openings = open_times_of(calendars, window)
    minutes, untouched = _Once(), _Once()  # what many instruments share is reckoned once
    opened = booked = bookable = 0
    for resource in resources:
        opening, step, least = openings[resource.id], resource.step_minutes, resource.min_minutes
        for unit in states[resource.id]:
            usable = without(opening, unit.outages) if unit.outages else opening
            opened += minutes(usable, (), partial(total_minutes, usable))
            if unit.unit in taken:
                booked += sum(total_minutes(clipped(taken[unit.unit], span)) for span in usable)
            if unit.occupied:
                before, after = resource.buffer_before_minutes, resource.buffer_minutes
                gaps = free_of_opening(usable, (), unit.occupied, before, after)
                bookable += _bookable(gaps, now, step, least)
            else:
                reckon = partial(_bookable, usable, now, step, least)
                bookable += untouched(usable, (step, least), reckon)
    return Fullness(opened, booked, bookable)


class _Once:
    """A figure of a list and some more: of the same list (not one that only says the same) it is reckoned once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, tuple[int, ...]], tuple[list[Interval], int]] = {}

    def __call__(self, spans: list[Interval], more: tuple[int, ...], reckon: Callable[[], int]) -> int:
        key = (id(spans), more)
        if key not in self._known:
            self._known[key] = (spans, reckon())  # the list is held: no other one gets its number
        return self._known[key][1]


def _bookable(gaps: Sequence[Interval], now: int, step: int, least: int) -> int:
    return sum(gap.minutes for gap in from_now(gaps, now, step) if gap.minutes >= least)


def _taken(ids: Iterable[int], start: dt.datetime, end: dt.datetime) -> dict[int, list[Interval]]:
    rows = db.session.execute(
        sa.select(Booking.unit_id, Booking.start_at, Booking.end_at, Booking.ended_at).where(
            Booking.resource_id.in_(list(ids)),
            Booking.state.in_((*BLOCKING, *TOOK_PLACE)),
            Booking.ended_by.in_(("", "time")),  # nobody gave it up
            Booking.start_at < end,
            Booking.start_at > start - dt.timedelta(minutes=LONGEST_BOOKING),
            Booking.end_at > start,
        )
    )
    found: dict[int, list[Interval]] = defaultdict(list)
    for row in rows:
        last = min(row.end_at, row.ended_at or row.end_at)
        if minute_of(last) > minute_of(row.start_at):
            found[row.unit_id].append(interval(row.start_at, last))
    return found
