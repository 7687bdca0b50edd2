"""The next month of a series, the method that would have missed least, and an early warning with its own record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

METHODS = ("last", "mean3", "drift", "theil_sen")
NEEDS = 12
FIRST = 6  # place of the first value that is predicted
WARNED = 9  # place of the first value an early warning is tried on
WINDOW = 12


@dataclass(frozen=True, slots=True)
class Record:
    """How often the early warning was right: warned and below, warned in vain, not warned, rightly quiet."""

    hits: int
    false_alarms: int
    missed: int
    quiet: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """`mae` is the mean absolute error of each method; `below` the share of outcomes below the target, 0–1."""

    method: str
    mae: dict[str, Fraction]
    forecast: Fraction
    low: Fraction
    high: Fraction
    below: Fraction
    warning: bool
    record: Record


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


def theil_sen(values: Sequence[Fraction]) -> Fraction:
    """The next value on the line with the median of all pairwise slopes and the median of y − slope · x.

    Slopes are compared as whole numbers (a common denominator), so that ties and medians are exact.

    >>> theil_sen([Fraction(1), Fraction(2), Fraction(9), Fraction(4)])
    Fraction(5, 1)
    """
    n = len(values)
    if n < 2:
        return values[-1]
    common = 1
    for value in values:
        common = common * value.denominator // _gcd(common, value.denominator)
    whole = [int(value * common) for value in values]
    parts = 27720  # divisible by every distance within twelve months
    slopes = sorted((whole[j] - whole[i]) * (parts // (j - i)) for i in range(n) for j in range(i + 1, n))
    half = len(slopes) // 2
    slope = 2 * slopes[half] if len(slopes) % 2 else slopes[half - 1] + slopes[half]
    rests = sorted(2 * parts * y - slope * x for x, y in enumerate(whole))
    half = n // 2
    rest = 2 * rests[half] if n % 2 else rests[half - 1] + rests[half]
    return Fraction(rest + 2 * slope * n, 4 * parts * common)


def _gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a


def predict(method: str, before: Sequence[Fraction]) -> Fraction:
    """What a method expects after these values, within 0–100.

    >>> predict("drift", [Fraction(60), Fraction(61), Fraction(64)])
    Fraction(66, 1)
    """
    last = before[-1]
    if method == "last":
        value = last
    elif method == "mean3":
        value = sum(before[-3:], Fraction(0)) / len(before[-3:])
    elif method == "drift":
        value = last + (last - before[0]) / (len(before) - 1) if len(before) > 1 else last
    else:
        value = theil_sen(before[-WINDOW:])
    return min(Fraction(100), max(Fraction(0), value))


def quantile(values: Sequence[Fraction], share: Fraction) -> Fraction:
    """Nearest rank: the ⌈share · n⌉-th smallest.

    >>> quantile([Fraction(x) for x in (5, 1, 3, 2, 4)], Fraction(1, 5))
    Fraction(1, 1)
    """
    return sorted(values)[max(1, ceil(share * len(values))) - 1]


def below_target(expected: Fraction, errors: Sequence[Fraction], target: Fraction) -> Fraction:
    """Share of expected value + error that lies below the target."""
    return Fraction(sum(expected + error < target for error in errors), len(errors))


def forecast(values: Sequence[Fraction], target: Fraction) -> Forecast | None:
    """The next value with its interval, back-test and early warning; None with fewer than twelve values."""
    if len(values) < NEEDS:
        return None
    predictions = {
        method: [predict(method, values[:place]) for place in range(FIRST, len(values))] for method in METHODS
    }
    errors = {
        method: [value - made for value, made in zip(values[FIRST:], found, strict=True)]
        for method, found in predictions.items()
    }
    mae = {method: sum(map(abs, found), Fraction(0)) / len(found) for method, found in errors.items()}
    method = min(METHODS, key=lambda name: (mae[name], METHODS.index(name)))
    missed = errors[method]
    expected = predict(method, values)
    below = below_target(expected, missed, target)
    low, high = (expected + quantile(missed, Fraction(q, 5)) for q in (1, 4))
    record = _record(values, predictions[method], missed, target)
    return Forecast(method, mae, expected, low, high, below, below >= Fraction(1, 2), record)


def _record(
    values: Sequence[Fraction], predictions: Sequence[Fraction], errors: Sequence[Fraction], target: Fraction
) -> Record:
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    for place in range(WARNED, len(values)):
        n = place - FIRST
        warned = below_target(predictions[n], errors[:n], target) >= Fraction(1, 2)
        counts[warned, values[place] < target] += 1
    return Record(counts[True, True], counts[True, False], counts[False, True], counts[False, False])
