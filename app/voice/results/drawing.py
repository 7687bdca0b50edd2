"""A line over versions as plain coordinates: what the page draws, with a gap where the wording changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.voice.results.series import Point, pieces

HEIGHT, LEFT, TOP, BOTTOM = 180.0, 30.0, 12.0, 26.0
NARROWEST, STEP = (
    300.0,
    108.0,
)  # a phone holds two versions side by side; of more the picture scrolls, its words stay


@dataclass(frozen=True, slots=True)
class Dot:
    """One version on the page."""

    x: float
    y: float
    label: str
    value: float
    n: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """Dots piece by piece, where the line breaks, where 0, 50 and 100 are, and how wide it is."""

    lines: tuple[tuple[Dot, ...], ...]
    breaks: tuple[float, ...]
    grid: tuple[tuple[float, int], ...]
    width: float

    @staticmethod
    def path(dots: Sequence[Dot]) -> str:
        """The points of a polyline."""
        return " ".join(f"{dot.x:g},{dot.y:g}" for dot in dots)


def height_of(value: float) -> float:
    """Where a score stands: 100 at the top.

    >>> height_of(100), height_of(0)
    (12.0, 154.0)
    """
    return round(TOP + (100 - value) / 100 * (HEIGHT - TOP - BOTTOM), 1)


def draw(points: Sequence[Point]) -> Drawing:
    """The versions of a survey, the oldest on the left; one that too few answered leaves its place empty.

    >>> drawn = draw([Point("1", 60.0, 9, ("a",)), Point("2", 80.0, 9, ("b",))])
    >>> len(drawn.lines), len(drawn.breaks), drawn.width
    (2, 1, 300.0)
    """
    width = max(NARROWEST, LEFT + STEP * len(points))
    step = (width - LEFT) / max(1, len(points))
    place, lines, breaks = 0, list[tuple[Dot, ...]](), list[float]()
    for piece in pieces(points):
        if place:
            breaks.append(round(LEFT + place * step, 1))
        dots = []
        for point in piece:
            x = round(LEFT + (place + 0.5) * step, 1)
            if point.value is not None:
                dots.append(Dot(x, height_of(point.value), point.label, point.value, point.n))
            place += 1
        lines.append(tuple(dots))
    grid = tuple((height_of(one), one) for one in (0, 50, 100))
    return Drawing(tuple(lines), tuple(breaks), grid, width)
