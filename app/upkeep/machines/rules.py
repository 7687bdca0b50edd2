"""What a machine may become, and which part of a stop counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from fractions import Fraction

IN_SERVICE, DOWN, RESTING, RETIRED = "in_service", "down", "resting", "retired"
MOVES = {
    (IN_SERVICE, DOWN),
    (DOWN, IN_SERVICE),
    (IN_SERVICE, RESTING),
    (RESTING, IN_SERVICE),
    (DOWN, RETIRED),
    (RESTING, RETIRED),
    (IN_SERVICE, RETIRED),
}
Span = tuple[dt.datetime, dt.datetime]


def may_become(state: str, wanted: str) -> bool:
    """in_service ⇄ down | resting → retired.

    >>> may_become("in_service", "down"), may_become("retired", "in_service"), may_become("down", "resting")
    (True, False, False)
    """
    return (state, wanted) in MOVES


def joined(spans: Iterable[Span]) -> list[Span]:
    """The spans without their overlaps, in order."""
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def common_hours(spans: Iterable[Span], others: Sequence[Span]) -> Fraction:
    """Hours that lie in one of `spans` and in one of `others`; nothing counts twice.

    >>> eight = lambda hour: dt.datetime(2026, 11, 2, hour, tzinfo=dt.UTC)
    >>> common_hours([(eight(9), eight(12)), (eight(11), eight(20))], [(eight(8), eight(10)), (eight(13), eight(17))])
    Fraction(5, 1)
    """
    one, other = joined(spans), joined(others)
    seconds = 0.0
    place = 0
    for start, end in one:
        while place and other[place - 1][1] > start:
            place -= 1
        while place < len(other) and other[place][0] < end:
            overlap = min(end, other[place][1]) - max(start, other[place][0])
            seconds += max(overlap.total_seconds(), 0.0)
            place += 1
    return Fraction(round(seconds), 3600)
