"""What a meter says of its machine (contract 6): a baseline of its own, alarms, and the days to its limit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

BASELINE, LEARNT, LINE = 30, 33, 20
MAD_FACTOR = Fraction(14826, 10000)  # makes the median of distances estimate a standard deviation
WARNING_AT, WATCH_AT = 3, 2
ALARM, LEARNING, WARNING, WATCH, NORMAL = "alarm", "learning", "warning", "watch", "normal"

Number = int | Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a meter on a day; `part` says how much of that day had passed."""

    on: dt.date
    value: Number
    part: Fraction = Fraction(0)

    @property
    def x(self) -> Fraction:
        """The moment in days."""
        return self.on.toordinal() + self.part


@dataclass(frozen=True, slots=True)
class Condition:
    """State, baseline (nothing before it is learnt) and whole days to the limit (nothing where no line leads there)."""

    state: str
    median: Fraction | None
    spread: Fraction | None
    days_to_limit: int | None


def condition(
    readings: Iterable[Reading], limit: Number | None = None, overhauled_on: dt.date | None = None
) -> Condition:
    """The condition of a machine from the readings of one meter since its last overhaul.

    Baseline are the first 30 readings: m their median, s = 1.4826 · median |x − m|. The first state that holds:
    `alarm` last reading ≥ limit; `learning` before 33 readings; `warning` the last two beyond 3 s on one side;
    `watch` two of the last three beyond 2 s on one side; `normal`. A meter that never moved has no warning, no watch.

    Parameters
    ----------
    readings : iterable of Reading
        In any order, each at its own moment.
    limit : number, optional
        Without it there is no alarm and no day.
    overhauled_on : date, optional
        Readings before that day are of a machine that is no more.

    References
    ----------
    Nelson's rules of control charts, with a robust spread (median absolute deviation).
    """
    since = sorted((r for r in readings if overhauled_on is None or r.on >= overhauled_on), key=lambda r: r.x)
    values = [Fraction(r.value) for r in since]
    bound = None if limit is None else Fraction(limit)
    days = None if bound is None else days_to_limit(since, bound)
    if len(values) < LEARNT:
        state = ALARM if _reached(values, bound) else LEARNING
        return Condition(state, None, None, days)
    middle, spread = baseline(values[:BASELINE])
    state = ALARM if _reached(values, bound) else _state(values, middle, spread)
    return Condition(state, middle, spread, days)


def baseline(values: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Median and 1.4826 times the median distance from it.

    >>> baseline([Fraction(1), Fraction(2), Fraction(4)])
    (Fraction(2, 1), Fraction(7413, 5000))
    """
    middle = median(values)
    return middle, MAD_FACTOR * median([abs(value - middle) for value in values])


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle value, or the mean of the two.

    >>> median([Fraction(3), Fraction(1)])
    Fraction(2, 1)
    """
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _reached(values: Sequence[Fraction], limit: Fraction | None) -> bool:
    return limit is not None and bool(values) and values[-1] >= limit


def _state(values: Sequence[Fraction], middle: Fraction, spread: Fraction) -> str:
    if not spread:
        return NORMAL
    last = [value - middle for value in values[-3:]]
    for side in (1, -1):
        if all(side * distance > WARNING_AT * spread for distance in last[1:]):
            return WARNING
    for side in (1, -1):
        if sum(side * distance > WATCH_AT * spread for distance in last) >= 2:
            return WATCH
    return NORMAL


def days_to_limit(readings: Sequence[Reading], limit: Fraction) -> int | None:
    """Whole days from the last reading until the line through the last 20 reaches the limit.

    The line is Theil–Sen: the median of all pairwise slopes and the median of y − slope · x, x in days.

    Parameters
    ----------
    readings : sequence of Reading
        In order of days.
    limit : Fraction

    Returns
    -------
    int or None
        0 when the line is there already; nothing with fewer than 20 readings or a line that does not rise.

    References
    ----------
    P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, JASA 63 (1968).

    Examples
    --------
    >>> start = dt.date(2026, 1, 1).toordinal()
    >>> rising = [Reading(dt.date.fromordinal(start + n), n) for n in range(20)]
    >>> days_to_limit(rising, Fraction(45, 2)), days_to_limit(rising[:19], Fraction(22))
    (4, None)
    """
    if len(readings) < LINE:
        return None
    last = readings[-LINE:]
    slope, intercept = line(last)
    reached = slope * last[-1].x + intercept
    if reached >= limit:
        return 0
    if slope <= 0:
        return None
    return -((reached - limit) / slope).__floor__()


def line(readings: Sequence[Reading]) -> tuple[Fraction, Fraction]:
    """Slope a day and value on day 0 of the Theil–Sen line; readings at different moments."""
    points = [(r.x, Fraction(r.value)) for r in readings]
    slope = median([(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2) if x2 != x1])
    return slope, median([y - slope * x for x, y in points])
