"""The same figure over versions: a line that breaks where the wording changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """One closed version: its label, the value (None where too few answered), n, and the hashes behind the value."""

    label: str
    value: float | None
    n: int
    content: tuple[str, ...]


def pieces(points: Sequence[Point]) -> list[list[Point]]:
    """The points, oldest first, cut where the content changes: only what was asked alike is one line.

    >>> same, other = ("h1",), ("h2",)
    >>> [[one.label for one in piece] for piece in pieces([Point("1", 60.0, 9, same), Point("2", 62.0, 9, same), Point("3", 80.0, 9, other)])]
    [['1', '2'], ['3']]
    """
    found: list[list[Point]] = []
    for point in points:
        if found and found[-1][-1].content == point.content:
            found[-1].append(point)
        else:
            found.append([point])
    return found
