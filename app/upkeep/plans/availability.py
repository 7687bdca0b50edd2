"""How much a machine was there: availability, MTBF and MTTR, each with what it was divided from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Share:
    """A figure with its numerator, denominator and n; without a denominator there is no value."""

    value: Fraction | None
    numerator: Fraction
    denominator: Fraction
    n: int


@dataclass(frozen=True, slots=True)
class Availability:
    """`n` counts faults for the means and stops for the availability."""

    availability: Share
    mtbf_hours: Share
    mttr_hours: Share


def measure(
    down_hours: Sequence[Fraction | int],
    planned_hours: Fraction | int,
    running_hours: Fraction | int,
    faults: int,
) -> Availability:
    """The three figures of a period.

    Availability = 1 − down ÷ planned (or bookable) hours, MTBF = running hours ÷ faults, MTTR = down hours ÷ faults.

    Parameters
    ----------
    down_hours : sequence of hours
        One for each stop.
    planned_hours, running_hours : hours
    faults : int

    Examples
    --------
    >>> found = measure([2, 4], 120, 100, 2)
    >>> found.availability.value, found.mtbf_hours.value, found.mttr_hours.value
    (Fraction(19, 20), Fraction(50, 1), Fraction(3, 1))
    >>> measure([], 0, 0, 0).availability.value is None
    True
    """
    down = sum((Fraction(hours) for hours in down_hours), Fraction(0))
    planned = Fraction(planned_hours)
    return Availability(
        _share(planned - down, planned, len(down_hours)),
        _share(Fraction(running_hours), Fraction(faults), faults),
        _share(down, Fraction(faults), faults),
    )


def _share(numerator: Fraction, denominator: Fraction, n: int) -> Share:
    return Share(numerator / denominator if denominator else None, numerator, denominator, n)
