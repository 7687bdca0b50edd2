"""What stands on a paper of the park, in plain values; how it looks is the template's business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

Pair = tuple[str, str]  # a label and its value


@dataclass(frozen=True)
class Heading:
    """A section begins; `count` stands behind it where it counts something."""

    text: str
    count: int | None = None


@dataclass(frozen=True)
class Paragraph:
    """Running text; `tone` is ink, soft, strong (leading sentence) or boxed (a letter, a notice)."""

    text: str
    tone: str = "ink"


@dataclass(frozen=True)
class Figures:
    """Key figures side by side."""

    pairs: Sequence[Pair]


@dataclass(frozen=True)
class Entry:
    """One thing of a list: its name, what is known, and a state; `good` marks the state green."""

    title: str
    text: str = ""
    state: str = ""
    good: bool = False


@dataclass(frozen=True)
class Column:
    """A column: its head, its share of the width, and whether figures stand in it."""

    head: str
    width: float
    figures: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under heads; `totals` closes it, `nothing` is said where there are no rows."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    nothing: str = "—"
    totals: Sequence[str] = ()


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG, as wide as the page, and what it shows in words."""

    svg: str
    says: str


Block = Heading | Paragraph | Figures | Entry | Table | Picture


@dataclass(frozen=True)
class Code:
    """A QR code: the address behind it and what it opens, in words."""

    address: str
    says: str


@dataclass(frozen=True)
class Paper:
    """A document: what it is, for whom and when, and its blocks in reading order."""

    title: str
    blocks: Sequence[Block]
    number: str = ""
    period: str = ""
    parties: Sequence[Pair] = ()
    opening: Pair | None = None
    closing: Pair | None = None
    note: str = ""
    stamps: Sequence[str] = field(default=())  # who may put a stamp or sign, each with its own place
    code: Code | None = None
    landscape: bool = False
