"""Between moments and the park minutes that the pure core counts in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

from app.hall import clock
from app.sharing.calendar.rules import DAY, Interval
from app.sharing.calendar.shapes import FreeTime

_EPOCH_DAY = dt.date(1970, 1, 1)
# Since 1992 the park's clock has been a fixed eight hours ahead of UTC; clocks were never put forward again.
_OFFSET = 8 * 60


def minute_of(moment: dt.datetime) -> int:
    """Park minute of a moment, seconds cut off.

    >>> minute_of(dt.datetime(1970, 1, 1, 1, 0, 59, tzinfo=dt.UTC))
    540
    """
    return int(moment.timestamp() // 60) + _OFFSET


def moment_of(minute: int) -> dt.datetime:
    """The aware UTC moment of a park minute.

    >>> moment_of(540)
    datetime.datetime(1970, 1, 1, 1, 0, tzinfo=datetime.timezone.utc)
    """
    return dt.datetime.fromtimestamp((minute - _OFFSET) * 60, dt.UTC)


def interval(start: dt.datetime, end: dt.datetime) -> Interval:
    """The minutes from `start` to `end`."""
    return Interval(minute_of(start), minute_of(end))


def touched(start: dt.datetime, end: dt.datetime) -> Interval:
    """Every minute that [start, end) touches, at least one: seconds are rounded outward.

    >>> nine = dt.datetime(1970, 1, 1, 1, 0, 20, tzinfo=dt.UTC)
    >>> touched(nine, nine + dt.timedelta(seconds=10))
    Interval(start=540, end=541)
    """
    first = minute_of(start)
    return Interval(first, max(first, minute_of(end - dt.timedelta(microseconds=1))) + 1)


class ParkMinute(FunctionElement[int]):
    """`minute_of` a column, counted by the database: cheaper than tens of thousands of moments made into objects."""

    name = "park_minute"
    type = sa.BigInteger()
    inherit_cache = True


@compiles(ParkMinute)
def _minute_on_sqlite(element: ParkMinute, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"(CAST(strftime('%s', {column}) AS INTEGER) / 60 + {_OFFSET})"


@compiles(ParkMinute, "postgresql")
def _minute_on_postgresql(element: ParkMinute, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"(CAST(floor(extract(epoch FROM {column}) / 60) AS BIGINT) + {_OFFSET})"


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH_DAY).days


def date_of(day: int) -> dt.date:
    """
    >>> date_of(4)
    datetime.date(1970, 1, 5)
    """
    return _EPOCH_DAY + dt.timedelta(days=day)


def whole_days(first: dt.date, last: dt.date) -> Interval:
    """All of the days from `first` to `last`, both included."""
    return Interval(day_number(first) * DAY, (day_number(last) + 1) * DAY)


def iso(moment: dt.datetime) -> str:
    """ISO 8601 with the park's own offset, as the API writes it."""
    return clock.local(moment).isoformat(timespec="minutes")


def park_moment(day: dt.date, time: dt.time) -> dt.datetime:
    """The moment at which the park's clock shows that day and time."""
    return dt.datetime.combine(day, time, clock.ZONE).astimezone(dt.UTC)


def aware(value: dt.datetime) -> dt.datetime:
    """A datetime-local input is park time."""
    return value.replace(tzinfo=clock.ZONE).astimezone(dt.UTC)


def intervals_out(intervals: Iterable[Interval]) -> list[FreeTime]:
    return [{"start": iso(moment_of(i.start)), "end": iso(moment_of(i.end))} for i in intervals]
