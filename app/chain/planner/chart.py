"""The curve over the number of firms as places in a picture: nothing but geometry."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 260, 52, 18, 26, 30


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of the curve: so many firms, the value, where it lies, and what the last firm added."""

    firms: int
    value: float
    x: float
    y: float
    step: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Dots of the plan, the same without a budget, lines across, the value at the foot of the axis; and the frame."""

    width: ClassVar[int] = WIDTH
    height: ClassVar[int] = HEIGHT
    left: ClassVar[int] = LEFT
    right: ClassVar[int] = WIDTH - RIGHT

    dots: tuple[Dot, ...]
    free: tuple[Dot, ...]
    lines: tuple[tuple[float, float], ...]
    foot: float

    @property
    def path(self) -> str:
        return _path(self.dots)

    @property
    def free_path(self) -> str:
        return _path(self.free)


def _path(dots: Sequence[Dot]) -> str:
    return " ".join(f"{'ML'[n > 0]}{dot.x:.1f} {dot.y:.1f}" for n, dot in enumerate(dots))


def curve(values: Sequence[tuple[int, float]], free: Sequence[tuple[int, float]] = ()) -> Curve:
    """Return where points of (firms, value) lie; both curves share their axes.

    >>> [round(dot.y) for dot in curve([(0, 10.0), (1, 20.0)]).dots]
    [217, 39]
    """
    every = [*values, *free]
    low, high = min(v for _n, v in every), max(v for _n, v in every)
    room = (high - low) * 0.07 or max(abs(high), 1.0) * 0.07
    low, high = low - room, high + room
    first, last = min(n for n, _v in every), max(n for n, _v in every)
    across = (WIDTH - LEFT - RIGHT) / max(1, last - first)
    down = (HEIGHT - TOP - BOTTOM) / (high - low)

    def dots(points: Sequence[tuple[int, float]]) -> tuple[Dot, ...]:
        before = [points[0][1] if points else 0.0, *(value for _n, value in points)]
        return tuple(
            Dot(n, value, LEFT + (n - first) * across, TOP + (high - value) * down, value - before[place])
            for place, (n, value) in enumerate(points)
        )

    marks = tuple((value, TOP + (high - value) * down) for value in _round_values(low, high))
    return Curve(dots(values), dots(free), marks, low)


def _round_values(low: float, high: float) -> list[float]:
    """Two to six values to read the axis by: 1, 2 or 5 times a power of ten apart.

    >>> _round_values(44567.0, 61397.0)
    [45000.0, 50000.0, 55000.0, 60000.0]
    """
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= rough)
    return [n * step for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
