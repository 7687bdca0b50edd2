"""An input–output table as numbers: what it holds, which segment a sector may be, and the coefficients that follow."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

FLOWS, COEFFICIENTS = "flows", "coefficients"
NEW = "+"  # a sector that becomes a segment of its own
# Shares of total input do not reach this, amounts of money do.
LARGEST_SHARE_TOTAL = 1.5
LEAST_LIKE = 0.6


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector of the table, as the table calls it."""

    code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row or column that is no sector: its words, `row` or `column`, and why."""

    label: str
    side: str
    why: str


@dataclass(frozen=True, slots=True)
class SectorTable:
    """The square of a table: `cells[i][j]` of sector i is used by sector j, None where the cell is blank.

    `totals` are the total inputs of the columns, `subtotals` their intermediate inputs as the sheet sums them; both
    empty where the sheet has no such row.
    """

    sectors: tuple[Sector, ...]
    cells: tuple[tuple[float | None, ...], ...]
    totals: tuple[float | None, ...] = ()
    subtotals: tuple[float | None, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    layout: str = "matrix"
    title: str = ""

    @property
    def blanks(self) -> int:
        return sum(cell is None for row in self.cells for cell in row)


def holds(table: SectorTable, said: str = "") -> tuple[str, str]:
    """Whether the cells are flows of money or coefficients already, and by what that is known.

    Parameters
    ----------
    table : SectorTable
        As read; its title counts, then its numbers.
    said : str
        What the person who brings it says: `flows`, `coefficients` or nothing.

    >>> one = SectorTable((Sector("a", ""), Sector("b", "")), ((0.1, 0.2), (0.0, 0.3)))
    >>> holds(one), holds(one, "flows")
    (('coefficients', 'shares'), ('flows', 'said'))
    """
    if said in (FLOWS, COEFFICIENTS):
        return said, "said"
    title = table.title.lower()
    if "系数" in title or "coefficient" in title:
        return COEFFICIENTS, "title"
    if "流量" in title:
        return FLOWS, "title"
    if any(cell is not None and cell > 1 for row in table.cells for cell in row):
        return FLOWS, "above_one"
    if any(total is not None and total > LARGEST_SHARE_TOTAL for total in table.totals):
        return FLOWS, "totals"
    return COEFFICIENTS, "shares"


def offer(sectors: Sequence[Sector], segments: Mapping[str, Iterable[str]]) -> dict[int, str]:
    """The segment each sector may be, by code or by name; nothing where no name is like it.

    Parameters
    ----------
    sectors : sequence of Sector
    segments : mapping
        Segment code to its names. Without any segment every sector is offered as a new one.

    >>> offer([Sector("39", "电池制造业"), Sector("07", "食品")], {"cell": ["电池"], "pack": ["电池包"]})
    {0: 'cell', 1: ''}
    """
    if not segments:
        return dict.fromkeys(range(len(sectors)), NEW)
    names = {
        plain(word): code for code in sorted(segments) for word in (code, *segments[code]) if plain(word)
    }
    return {at: _nearest(sector, names) for at, sector in enumerate(sectors)}


def plain(word: str) -> str:
    """A name as it is compared: small letters and digits alone.

    >>> plain("OS_ID"), plain("Product Type")
    ('osid', 'producttype')
    """
    return "".join(c for c in word.lower() if c.isalnum())


def _nearest(sector: Sector, names: Mapping[str, str]) -> str:
    for word in (plain(sector.code), plain(sector.name), plain(sector.name_en)):
        if word in names:
            return names[word]
    return _alike(plain(sector.name), names) or _alike(plain(sector.name_en), names)


def _alike(word: str, names: Mapping[str, str]) -> str:
    inside = [name for name in names if min(len(name), len(word)) >= 2 and (name in word or word in name)]
    if inside:
        return names[max(inside, key=lambda name: (len(name), name))]
    like = difflib.get_close_matches(word, list(names), n=1, cutoff=LEAST_LIKE) if len(word) > 1 else []
    return names[like[0]] if like else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Coefficients as (input, output, value) above the smallest kept; how many were smaller; why some cannot be told."""

    rows: tuple[tuple[str, str, float], ...]
    smaller: int
    faults: tuple[tuple[str, Mapping[str, str]], ...]


def coefficients(table: SectorTable, kind: str, segment_of: Mapping[int, str], least: float = 0.0) -> Answer:
    """The input coefficients between segments.

    a_KJ = Σ_{i∈K, j∈J} z_ij / Σ_{j∈J} x_j of flows z and total inputs x; of coefficients a_ij the same with
    z_ij = a_ij · x_j, which for one sector j alone needs no x. A blank cell is no input. Source: Leontief (1936);
    Miller, Blair, Input–Output Analysis (2009), chapters 2 and 4.9 (aggregation).

    Parameters
    ----------
    table : SectorTable
    kind : str
        `flows` or `coefficients`.
    segment_of : mapping
        Index of a sector to its segment; sectors that are not in it are left out.
    least : float
        Coefficients below it are counted, not kept.

    >>> one = SectorTable((Sector("a", ""), Sector("b", "")), ((10.0, 20.0), (None, 60.0)), (100.0, 200.0))
    >>> coefficients(one, FLOWS, {0: "A", 1: "B"}).rows
    (('A', 'A', 0.1), ('A', 'B', 0.1), ('B', 'B', 0.3))
    """
    members: dict[str, list[int]] = {}
    for at in sorted(segment_of):
        members.setdefault(segment_of[at], []).append(at)
    faults: list[tuple[str, Mapping[str, str]]] = []
    rows, smaller = [], 0
    for output in sorted(members):
        weights = _weights(table, kind, members[output])
        if isinstance(weights, str):
            names = "、".join(table.sectors[at].name or table.sectors[at].code for at in members[output])
            faults.append((weights, {"segment": output, "sectors": names}))
            continue
        for source in sorted(members):
            value = _sum(table, members[source], weights)
            if value and value < least:
                smaller += 1
            elif value:
                rows.append((source, output, value))
    return Answer(tuple(sorted(rows)), smaller, tuple(faults))


def _weights(table: SectorTable, kind: str, columns: Sequence[int]) -> dict[int, float] | str:
    """What every cell of a column counts in its segment's coefficient; or why that cannot be told."""
    totals = [table.totals[at] if table.totals else None for at in columns]
    known = [total for total in totals if total is not None]
    if kind == COEFFICIENTS and len(columns) == 1:
        return {columns[0]: 1.0}
    if kind == COEFFICIENTS and max(known, default=0.0) <= LARGEST_SHARE_TOTAL:
        return "sector_no_weights"
    if len(known) < len(columns):
        return "sector_no_total"
    whole = fsum(known)
    if whole <= 0:
        used = any(row[at] for row in table.cells for at in columns)
        return "sector_total_zero" if used else dict.fromkeys(columns, 0.0)
    if kind == FLOWS:
        return dict.fromkeys(columns, 1 / whole)
    return {at: total / whole for at, total in zip(columns, known, strict=True)}


def _sum(table: SectorTable, rows: Sequence[int], weights: Mapping[int, float]) -> float:
    found = fsum((table.cells[i][j] or 0.0) * weight for i in rows for j, weight in weights.items())
    return float(f"{found:.12g}")


def above_one(table: SectorTable, kind: str) -> list[Sector]:
    """Sectors whose inputs add up to more than their total input: a table of something else, or of another unit."""
    found = []
    for at, sector in enumerate(table.sectors):
        total = 1.0 if kind == COEFFICIENTS else (table.totals[at] if table.totals else None)
        if total and fsum(row[at] or 0.0 for row in table.cells) > total * 1.000001:
            found.append(sector)
    return found


def off_subtotal(table: SectorTable) -> list[Sector]:
    """Sectors whose inputs do not add up, within one percent, to what the sheet gives as their sum."""
    return [
        sector
        for at, sector in enumerate(table.sectors)
        if table.subtotals
        and (said := table.subtotals[at]) is not None
        and abs(fsum(row[at] or 0.0 for row in table.cells) - said) > abs(said) / 100 + 1e-9
    ]
