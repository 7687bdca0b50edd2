"""The one clock: moments are aware and in UTC, days are Asia/Shanghai days."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2199, 12, 31)
_frozen: list[dt.datetime] = []
_shift_file: list[Path] = []  # at most one
LARGEST_SHIFT = 100 * 366 * 86_400  # seconds: a century keeps every moment inside the calendar
_own: ContextVar[dt.datetime | None] = ContextVar("own_clock", default=None)


def now() -> dt.datetime:
    return _own.get() or (_frozen[-1] if _frozen else dt.datetime.now(dt.UTC) + shift())


def machine_seconds() -> float:
    """The machine's own seconds since 1970, for counters that are not the park's business."""
    return dt.datetime.now(dt.UTC).timestamp()


def read_shift_from(file: Path | None) -> None:
    """Let a file move the clock (the demo's, or a trial park's): it holds seconds to add, read at every look."""
    _shift_file[:] = [file] if file else []


def shift() -> dt.timedelta:
    """How far the clock is moved; nothing without a file, or while the file holds no number."""
    if not _shift_file:
        return dt.timedelta()
    try:
        seconds = float(_shift_file[0].read_text("ascii"))
    except (OSError, ValueError):
        return dt.timedelta()
    if not -LARGEST_SHIFT <= seconds <= LARGEST_SHIFT:  # also: not a number
        return dt.timedelta()
    return dt.timedelta(seconds=seconds)


def today() -> dt.date:
    return now().astimezone(ZONE).date()


def local(moment: dt.datetime) -> dt.datetime:
    """The same moment as the park's wall clock shows it."""
    return moment.astimezone(ZONE)


def day_of(moment: dt.datetime) -> dt.date:
    return moment.astimezone(ZONE).date()


def read_day(text: str | None) -> dt.date | None:
    """A day as a URL or form carries it; nothing for what is no day or beyond any calendar of the park."""
    try:
        day = dt.date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later (earlier for a negative number), or the last of that month.

    >>> months_later(dt.date(2026, 1, 31), 1), months_later(dt.date(2026, 1, 1), -2)
    (datetime.date(2026, 2, 28), datetime.date(2025, 11, 1))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def start_of_day(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZONE).astimezone(dt.UTC)


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """`at(day, 9)` is nine o'clock in the park on that day, as an aware UTC moment."""
    return dt.datetime.combine(day, dt.time(hour, minute), ZONE).astimezone(dt.UTC)


def micros(moment: dt.datetime) -> int:
    """Whole microseconds since the epoch, exact (no float on the way).

    >>> micros(dt.datetime(1970, 1, 1, 0, 0, 1, tzinfo=dt.UTC))
    1000000
    """
    return (moment - EPOCH) // MICROSECOND


def moment_of(value: int) -> dt.datetime:
    """The aware moment of `micros`."""
    return EPOCH + value * MICROSECOND


@contextmanager
def frozen(moment: dt.datetime) -> Iterator[None]:
    """Tests: the clock stands still for every thread of this process."""
    _frozen.append(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _frozen.pop()


@contextmanager
def as_of(moment: dt.datetime) -> Iterator[None]:
    """Live through the past (demo park): only this thread's clock shows `moment`."""
    token = _own.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _own.reset(token)
