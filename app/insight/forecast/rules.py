"""The next month of a series, the method that would have missed least, and an early warning with its own record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm

METHODS = ("last", "mean3", "drift", "theil_sen")
NEEDS = 12
HUNDRED = Fraction(100)
FIRST = 6  # place of the first value that is predicted
WARNED = 9  # place of the first value an early warning is tried on
WINDOW = 12


@dataclass(frozen=True, slots=True)
class Aim:
    """What is warned of: values beyond a target, or (without one) beyond the mean of the twelve months before.

    Values lie between 0 and `top` (None: no bound); beyond is below, or above where more is worse.

    >>> Aim().level([Fraction(1)] + [Fraction(4)] * 12), Aim(above=True).missed(Fraction(5), Fraction(4))
    (Fraction(4, 1), True)
    """

    target: Fraction | None = None
    top: Fraction | None = HUNDRED
    above: bool = False

    def level(self, before: Sequence[Fraction]) -> Fraction:
        """What the value after these is held against."""
        return mean(before[-WINDOW:]) if self.target is None else self.target

    def missed(self, value: Fraction, level: Fraction) -> bool:
        """Whether a value lies on the wrong side of a level."""
        return value > level if self.above else value < level


@dataclass(frozen=True, slots=True)
class Tried:
    """One month of the back-test of the early warning: its place, what was expected, the level, what came of it."""

    place: int
    expected: Fraction
    level: Fraction
    warned: bool
    missed: bool

    @property
    def outcome(self) -> str:
        """One of hits, false_alarms, missed, quiet."""
        if self.warned:
            return "hits" if self.missed else "false_alarms"
        return "missed" if self.missed else "quiet"


@dataclass(frozen=True, slots=True)
class Record:
    """How often the early warning was right: warned and below, warned in vain, not warned, rightly quiet."""

    hits: int
    false_alarms: int
    missed: int
    quiet: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """`mae` is the mean absolute error of each method; `below` the share of outcomes beyond the level, 0–1."""

    method: str
    mae: dict[str, Fraction]
    forecast: Fraction
    low: Fraction
    high: Fraction
    below: Fraction
    warning: bool
    level: Fraction
    tried: tuple[Tried, ...]

    @property
    def record(self) -> Record:
        """How often the warning was right, counted from its back-test."""
        counts = Counter(one.outcome for one in self.tried)
        return Record(counts["hits"], counts["false_alarms"], counts["missed"], counts["quiet"])


def mean(values: Sequence[Fraction]) -> Fraction:
    """
    >>> mean([Fraction(1), Fraction(2)])
    Fraction(3, 2)
    """
    return sum(values, Fraction(0)) / len(values)


def without_hole(rows: Sequence[tuple[int, Fraction]]) -> list[Fraction]:
    """The values after the last missing month, of rows in order of months.

    >>> without_hole([(1, Fraction(5)), (3, Fraction(6)), (4, Fraction(7))])
    [Fraction(6, 1), Fraction(7, 1)]
    """
    start = 0
    for place in range(1, len(rows)):
        if rows[place][0] != rows[place - 1][0] + 1:
            start = place
    return [value for _month, value in rows[start:]]


def _median(values: list[Fraction]) -> Fraction:
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def line_through(values: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Slope and height at the first value: the median of all pairwise slopes, the median of y − slope · x.

    Slopes are compared as whole numbers (a common denominator), so that ties and medians are exact.

    >>> line_through([Fraction(1), Fraction(2), Fraction(9), Fraction(4)])
    (Fraction(1, 1), Fraction(1, 1))
    """
    n = len(values)
    if n < 2:
        return Fraction(0), values[-1]
    common = lcm(*(value.denominator for value in values))
    whole = [int(value * common) for value in values]
    parts = 27720  # divisible by every distance within twelve months
    slopes = sorted((whole[j] - whole[i]) * (parts // (j - i)) for i in range(n) for j in range(i + 1, n))
    half = len(slopes) // 2
    slope = 2 * slopes[half] if len(slopes) % 2 else slopes[half - 1] + slopes[half]
    rests = sorted(2 * parts * y - slope * x for x, y in enumerate(whole))
    half = n // 2
    rest = 2 * rests[half] if n % 2 else rests[half - 1] + rests[half]
    return Fraction(slope, 2 * parts * common), Fraction(rest, 4 * parts * common)


def theil_sen(values: Sequence[Fraction]) -> Fraction:
    """The next value on the line with the median of all pairwise slopes and the median of y − slope · x.

    >>> theil_sen([Fraction(1), Fraction(2), Fraction(9), Fraction(4)])
    Fraction(5, 1)
    """
    slope, height = line_through(values)
    return height + slope * len(values)


def parts_of(method: str, before: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The parts whose sum a method expects after these values, before any bound.

    `last`: the last value; `mean3`: a third of each of the last three; `drift`: the last value and the mean step;
    `theil_sen`: the height of the line at its first month and what it rises until the next.

    >>> parts_of("drift", [Fraction(60), Fraction(61), Fraction(64)])
    (Fraction(64, 1), Fraction(2, 1))
    """
    last = before[-1]
    if method == "last":
        return (last,)
    if method == "mean3":
        some = before[-3:]
        return tuple(value / len(some) for value in some)
    if method == "drift":
        return last, (last - before[0]) / (len(before) - 1) if len(before) > 1 else Fraction(0)
    some = before[-WINDOW:]
    slope, height = line_through(some)
    return height, slope * len(some)


def predict(method: str, before: Sequence[Fraction], top: Fraction | None = HUNDRED) -> Fraction:
    """What a method expects after these values, within 0 and `top`.

    >>> predict("drift", [Fraction(60), Fraction(61), Fraction(64)])
    Fraction(66, 1)
    """
    value = max(Fraction(0), sum(parts_of(method, before), Fraction(0)))
    return value if top is None else min(top, value)


def quantile(values: Sequence[Fraction], share: Fraction) -> Fraction:
    """Nearest rank: the ⌈share · n⌉-th smallest.

    >>> quantile([Fraction(x) for x in (5, 1, 3, 2, 4)], Fraction(1, 5))
    Fraction(1, 1)
    """
    return sorted(values)[max(1, ceil(share * len(values))) - 1]


def beyond(expected: Fraction, errors: Sequence[Fraction], aim: Aim, level: Fraction) -> Fraction:
    """Share of expected value + error that lies on the wrong side of the level."""
    return Fraction(sum(aim.missed(expected + error, level) for error in errors), len(errors))


def forecast(values: Sequence[Fraction], aim: Aim | Fraction) -> Forecast | None:
    """The next value with its interval, back-test and early warning; None with fewer than twelve values."""
    if len(values) < NEEDS:
        return None
    aim = Aim(aim) if isinstance(aim, Fraction) else aim
    predictions = {
        method: [predict(method, values[:place], aim.top) for place in range(FIRST, len(values))]
        for method in METHODS
    }
    errors = {
        method: [value - made for value, made in zip(values[FIRST:], found, strict=True)]
        for method, found in predictions.items()
    }
    mae = {method: mean([abs(one) for one in found]) for method, found in errors.items()}
    method = min(METHODS, key=lambda name: (mae[name], METHODS.index(name)))
    missed = errors[method]
    expected, level = predict(method, values, aim.top), aim.level(values)
    share = beyond(expected, missed, aim, level)
    low, high = (expected + quantile(missed, Fraction(q, 5)) for q in (1, 4))
    if aim.top is None:
        low = max(
            Fraction(0), low
        )  # hours and sums are never negative; of scores the contract asks for the bare error
    tried = _tried(values, predictions[method], missed, aim)
    return Forecast(method, mae, expected, low, high, share, share >= Fraction(1, 2), level, tried)


def _tried(
    values: Sequence[Fraction], predictions: Sequence[Fraction], errors: Sequence[Fraction], aim: Aim
) -> tuple[Tried, ...]:
    found = []
    for place in range(WARNED, len(values)):
        n, level = place - FIRST, aim.level(values[:place])
        warned = beyond(predictions[n], errors[:n], aim, level) >= Fraction(1, 2)
        found.append(Tried(place, predictions[n], level, warned, aim.missed(values[place], level)))
    return tuple(found)
