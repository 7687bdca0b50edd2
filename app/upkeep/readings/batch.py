"""Readings of a batch, one by one: what is kept, and why the others are not (contract 6)."""

from __future__ import annotations

import datetime as dt
import math
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

MICRO = 1_000_000
LONGEST_NUMBER = 40
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(:\d{2})?([.,]\d{1,9})?\s*([Zz]|[-+ ]\d{2}:?\d{2})", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was sent; `number` counts from 1."""

    number: int
    machine: object
    meter: object
    at: object
    value: object


@dataclass(frozen=True, slots=True)
class Sound:
    """One reading that can be read: which meter, when, how much in millionths."""

    number: int
    meter_id: int
    at: dt.datetime
    micro: int


@dataclass(frozen=True, slots=True)
class Refused:
    """One line that is not kept, and why."""

    number: int
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownMeter:
    """A meter of the batch: whether it only grows, and its readings around the batch in order of time."""

    grows: bool
    readings: tuple[tuple[dt.datetime, int], ...] = ()


def read_value(value: object) -> int | None:
    """A value in millionths; nothing for what is no finite number or beyond every meter.

    >>> read_value(2.1), read_value("0.30000000000000004"), read_value(float("nan")), read_value(True)
    (2100000, 300000, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    text = str(value).strip()
    if not text or len(text) > LONGEST_NUMBER or "_" in text or not text.isascii():
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) > 10**9:
        return None
    return int((number * MICRO).to_integral_value(ROUND_HALF_EVEN))


def read_moment(value: object, midnight: Callable[[dt.date], dt.datetime]) -> dt.datetime | None:
    """A moment with its offset, or a day, which stands for the moment it begins.

    >>> read_moment("2026-11-01T08:00:00+08:00", lambda day: None)
    datetime.datetime(2026, 11, 1, 0, 0, tzinfo=datetime.timezone.utc)
    >>> read_moment("2026-11-01T08:00", lambda day: None) is None
    True
    """
    text = value.strip() if isinstance(value, str) else ""
    try:
        if _DAY.fullmatch(text):
            return midnight(dt.date.fromisoformat(text))
        found = _MOMENT.fullmatch(text)
        if found is None:
            return None
        day, minutes, seconds, part, offset = found.groups()
        part = (part or "").replace(",", ".")[:7]
        offset = "+00:00" if offset in "Zz" else offset.replace(" ", "+")
        moment = dt.datetime.fromisoformat(f"{day}T{minutes}{seconds or ':00'}{part}{offset}")
        return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def sort_out(
    lines: Sequence[Sound], meters: Mapping[int, KnownMeter], now: dt.datetime
) -> tuple[list[Sound], list[Refused]]:
    """Which readings are kept: none of the future, none twice, none that turns a counter back.

    Out of order is welcome: they are looked at in the order of their moments, of one moment in that of the lines. What
    is refused does not stand in the way of the others.

    Parameters
    ----------
    lines : sequence of Sound
    meters : mapping
        Every meter of the lines, with what it read before.
    now : datetime

    Returns
    -------
    list of Sound, list of Refused
        Both in the order of the lines.

    Examples
    --------
    >>> noon = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
    >>> hour = dt.timedelta(hours=1)
    >>> lines = [Sound(1, 7, noon, 5), Sound(2, 7, noon - hour, 9), Sound(3, 7, noon, 5), Sound(4, 7, noon + hour, 6)]
    >>> kept, refused = sort_out(lines, {7: KnownMeter(True, ((noon - 2 * hour, 4),))}, noon)
    >>> [one.number for one in kept], [(one.number, one.code) for one in refused]
    ([2], [(1, 'reading_backwards'), (3, 'reading_backwards'), (4, 'reading_future')])
    """
    kept: list[Sound] = []
    refused: list[Refused] = []
    known = {key: _Known(meter) for key, meter in meters.items()}
    for line in sorted(lines, key=lambda one: (one.at, one.number)):
        fault = "reading_future" if line.at > now else known[line.meter_id].fault(line)
        if fault:
            refused.append(Refused(line.number, fault))
        else:
            known[line.meter_id].add(line)
            kept.append(line)
    return sorted(kept, key=_number), sorted(refused, key=_number)


def _number(line: Sound | Refused) -> int:
    return line.number


class _Known:
    """What a meter read, in order of time, growing with every line that is kept."""

    def __init__(self, meter: KnownMeter) -> None:
        self.grows = meter.grows
        self.moments = [at for at, _value in meter.readings]
        self.values = [value for _at, value in meter.readings]

    def fault(self, line: Sound) -> str:
        place = bisect_left(self.moments, line.at)
        if place < len(self.moments) and self.moments[place] == line.at:
            return "reading_twice"
        before = self.values[place - 1] if place else None
        after = self.values[place] if place < len(self.values) else None
        back = (before is not None and line.micro < before) or (after is not None and line.micro > after)
        return "reading_backwards" if self.grows and (back or line.micro < 0) else ""

    def add(self, line: Sound) -> None:
        place = bisect_left(self.moments, line.at)
        self.moments.insert(place, line.at)
        self.values.insert(place, line.micro)
