"""A change as the park says it: in points and relative, both of what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """Two figures compared: in points and relative, both half up to 0.1."""

    points: float
    relative_percent: float | None


def compared(before: int, after: int) -> Change:
    """Two figures in tenths; nothing relative to nothing.

    >>> compared(400, 820), compared(650, 880), compared(0, 10)
    (Change(points=42.0, relative_percent=105.0), Change(points=23.0, relative_percent=35.4), Change(points=1.0, relative_percent=None))
    """
    points = after - before
    if not before:
        return Change(points / 10, None)
    size = (2000 * abs(points) + before) // (2 * before) / 10
    return Change(points / 10, size if points >= 0 else -size)


@dataclass(frozen=True, slots=True)
class Effect:
    """Scores before and after as means of the firms asked both times, and how they changed."""

    before: float
    after: float
    change: Change
    n: int


def effect(pairs: Sequence[tuple[int, int]]) -> Effect | None:
    """Of each firm (before, after), 0–100; nothing where nobody was asked both times.

    >>> effect([(65, 88)])
    Effect(before=65.0, after=88.0, change=Change(points=23.0, relative_percent=35.4), n=1)
    """
    n = len(pairs)
    if not n:
        return None
    first, second = (
        (20 * sum(total) + n) // (2 * n)
        for total in ([one for one, _two in pairs], [two for _one, two in pairs])
    )
    return Effect(first / 10, second / 10, compared(first, second), n)
