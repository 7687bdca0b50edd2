"""Figures with the rows they are made of; what is shown follows from the rows, never beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median

from app.hall.months import read_month

SUM, MEAN, MEDIAN = "sum", "mean", "median"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it is, how much of the figure it is, and of how many (a group of firms is one row)."""

    label: str
    amount: Fraction
    detail: str = ""
    url: str = ""
    n: int = 1
    enterprise: str = ""
    layer: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: `value` is the sum, the mean or the median of its rows, or None with the reason why it is hidden.

    >>> Figure("x", MEAN, (Row("a", Fraction(70)), Row("b and c", Fraction(180), n=2))).exact
    Fraction(250, 3)
    """

    name: str
    kind: str
    rows: Sequence[Row]
    unit: str = ""
    digits: int = 1
    title: str = ""
    hidden: str | None = None
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return sum(row.n for row in self.rows)

    @property
    def total(self) -> Fraction:
        return sum((row.amount for row in self.rows), Fraction(0))

    @property
    def exact(self) -> Fraction | None:
        """The figure before rounding; None without rows, or while it may not be shown."""
        if self.hidden or (self.kind != SUM and not self.n):
            return None
        if self.kind == SUM:
            return self.total
        if self.kind == MEAN:
            return self.total / self.n
        return Fraction(median([row.amount for row in self.rows]))


class UnknownFigure(ValueError):
    """No figure has this name."""


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a figure, read: its kind, what it is about, and its months."""

    kind: str
    words: tuple[str, ...]
    months: tuple[int, ...]


# Kind of figure to how many words and how many months its name has.
SHAPES = {
    "score": (2, 1),
    "firm": (2, 1),
    "theme": (2, 1),
    "index": (0, 1),
    "contributions": (0, 2),
    "problems": (1, 2),
    "response": (1, 2),
    "plan": (1, 2),
    "resolution": (1, 2),
    "silent": (1, 2),
    "clocks": (1, 0),
    "silence": (1, 0),
    "money": (0, 2),
    "month": (1, 2),
    "gap": (2, 0),
    "use": (0, 2),
    "fall": (1, 0),
    "paired": (1, 0),
    "effect": (1, 0),
    "director": (1, 2),
    "forecast": (1, 1),
    "record": (2, 1),
    "level": (1, 1),
    "mean": (1, 1),
}


def read_name(text: str) -> Name:
    """The name of a figure as addresses carry it.

    Raises
    ------
    UnknownFigure
        When no figure has such a name.

    Examples
    --------
    >>> read_name("score:finance:all:2026-08")
    Name(kind='score', words=('finance', 'all'), months=(24319,))
    """
    kind, *parts = text.split(":")
    if kind not in SHAPES or sum(SHAPES[kind]) != len(parts) or not all(parts):
        raise UnknownFigure(text)
    many, months = SHAPES[kind]
    return Name(kind, tuple(parts[:many]), tuple(_month(part) for part in parts[many:]) if months else ())


def _month(text: str) -> int:
    month = read_month(text)
    if month is None or not 2000 * 12 <= month < 2200 * 12:
        raise UnknownFigure(text)
    return month


def pooled(
    counts: Sequence[tuple[str, int, Fraction]], hidden: frozenset[str]
) -> list[tuple[str, int, Fraction]]:
    """Groups (name, firms, sum) with those that stay hidden put together into one without a name.

    >>> pooled([("a", 9, Fraction(720)), ("b", 3, Fraction(180)), ("c", 2, Fraction(90))], frozenset("bc"))
    [('a', 9, Fraction(720, 1)), ('', 5, Fraction(270, 1))]
    """
    shown = [one for one in counts if one[0] not in hidden and one[1]]
    rest = [one for one in counts if one[0] in hidden and one[1]]
    if rest:
        shown.append(("", sum(n for _name, n, _total in rest), sum((t for *_rest, t in rest), Fraction(0))))
    return shown
