"""The line of a meter as numbers for a drawing: readings, baseline, limit, and where the line through the last leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.upkeep.readings.rules import LINE, Condition, Reading, line

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 12, 26


@dataclass(frozen=True, slots=True)
class Chart:
    """Coordinates of a picture of `WIDTH` × `HEIGHT`; texts are for its axis."""

    points: tuple[tuple[float, float], ...]
    ticks: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str], ...]
    limit: float | None
    median: float | None
    band: tuple[float, float] | None
    trend: tuple[tuple[float, float], tuple[float, float]] | None


def chart(readings: Sequence[Reading], found: Condition, limit: Fraction | None) -> Chart | None:
    """The picture of these readings, in order of time; nothing with fewer than two of them.

    Parameters
    ----------
    readings : sequence of Reading
    found : Condition
        Gives baseline and days to the limit.
    limit : Fraction, optional

    Examples
    --------
    >>> import datetime as dt
    >>> two = [Reading(dt.date(2026, 11, 1), 1), Reading(dt.date(2026, 11, 2), 3)]
    >>> chart(two, Condition("learning", None, None, None), None).points
    ((46.0, 178.83), (628.0, 27.17))
    """
    if len(readings) < 2 or readings[0].x == readings[-1].x:
        return None
    ahead = found.days_to_limit or 0
    first, last = readings[0].x, readings[-1].x
    span = last - first
    end = last + min(Fraction(ahead), max(span, Fraction(30))) if ahead else last
    values = [Fraction(one.value) for one in readings]
    known = [one for one in (limit, found.median) if one is not None]
    low, high = min([*values, *known]), max([*values, *known])
    room = (high - low) / 10 or Fraction(1)
    scale = _Scale(first, end, low - room, high + room)
    band = None
    if found.median is not None and found.spread is not None:
        band = (scale.y(found.median + 3 * found.spread), scale.y(found.median - 3 * found.spread))
    trend = None
    if len(readings) >= LINE:
        slope, intercept = line(readings[-LINE:])
        ends = [(scale.x(at), scale.y(slope * at + intercept)) for at in (readings[-LINE].x, end)]
        trend = (ends[0], ends[1])
    return Chart(
        points=tuple((scale.x(one.x), scale.y(Fraction(one.value))) for one in readings),
        ticks=tuple((scale.y(value), f"{float(value):.4g}") for value in (low, (low + high) / 2, high)),
        days=((scale.x(first), readings[0].on.isoformat()), (scale.x(last), readings[-1].on.isoformat())),
        limit=None if limit is None else scale.y(limit),
        median=None if found.median is None else scale.y(found.median),
        band=band,
        trend=trend,
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    first: Fraction
    last: Fraction
    low: Fraction
    high: Fraction

    def x(self, at: Fraction) -> float:
        part = (at - self.first) / (self.last - self.first)
        return round(float(LEFT + part * (WIDTH - LEFT - RIGHT)), 2)

    def y(self, value: Fraction) -> float:
        part = (value - self.low) / (self.high - self.low)
        whole = HEIGHT - BOTTOM - float(part) * (HEIGHT - TOP - BOTTOM)
        return round(min(max(whole, float(TOP)), float(HEIGHT - BOTTOM)), 2)
