"""Where a table begins: the row of a sheet that holds its headings, whatever stands above it or on other sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.hall.files.sheets.columns import Cell, Column, Nearest, Table, fold, nearest, unit_in
from app.hall.files.sheets.grammar import unit_factor
from app.hall.files.sheets.judge import as_text, is_blank
from app.hall.files.sheets.source import Raw

_CURRENCIES = ("元", "usd", "eur", "jpy", "hkd", "gbp", "镑", "$", "€", "£")
LOOKED_AT = 60  # rows from the top: below that nobody begins a table
MOST_COLUMNS = 120


@dataclass(frozen=True, slots=True)
class Place:
    """One known column of the file: where it stands, what it is called there, the unit of its heading."""

    column: Column
    at: int
    heading: str
    unit: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A heading that is no column of the table, and the known column nearest to it."""

    heading: str
    near: Nearest


@dataclass(frozen=True, slots=True)
class Found:
    """The headings of a table: the sheet, the index of the row in it, the columns, what is unknown and what twice."""

    raw: Raw
    row: int
    places: tuple[Place, ...]
    unknown: tuple[Unknown, ...] = ()
    twice: tuple[tuple[str, str], ...] = ()
    missing: tuple[Column, ...] = ()
    folded: frozenset[tuple[int, str]] = field(default=frozenset())

    @property
    def number(self) -> int:
        return self.raw.rows[self.row][0]


def find(raws: Sequence[Raw], table: Table) -> Found | None:
    """The best row of headings of all sheets: shown before hidden, more known columns before fewer, then the first.

    None where no row holds a key column and, of a table with more columns, at least one other.
    """
    names = {heading: column for column in table.columns for heading in column.headings}
    best: tuple[tuple[bool, int], Raw, int] | None = None
    for raw in raws:
        for at, (_number, cells) in enumerate(raw.rows[:LOOKED_AT]):
            score = _score(_words(cells), names, table)
            if not score:
                continue
            rank = (not raw.hidden, score)
            if best is None or rank > best[0]:
                best = (rank, raw, at)
    return _found(best[1], best[2], table, names) if best else None


def _score(words: Sequence[str], names: dict[str, Column], table: Table) -> int:
    """How many columns a row of headings would have, misspelt ones among them; 0 where it is no row of headings."""
    known = {names[word].name for word in words if word in names}
    wanted = {*table.key} | {column.name for column in table.columns if column.required}
    if not known or (len(known) < 2 and not known & wanted):
        return 0
    absent = [column for column in table.columns if column.name not in known]
    misspelt = sum(
        nearest(word, absent).misspelt for word in words if 1 < len(word) < 30 and word not in names
    )
    score = len(known) + misspelt
    required = {column.name for column in table.columns if column.required} or {*table.key}
    return score if score >= 2 or known >= required else 0


def _words(cells: Sequence[Cell]) -> list[str]:
    return [fold(as_text(cell)) if isinstance(cell, str) else "" for cell in cells[:MOST_COLUMNS]]


def _found(raw: Raw, at: int, table: Table, names: dict[str, Column]) -> Found:
    cells = raw.rows[at][1]
    places: dict[str, Place] = {}
    unknown, twice = [], []
    for place, cell in enumerate(cells):
        if is_blank(cell):
            continue
        heading = " ".join(as_text(cell).split())
        column = names.get(fold(heading)) if isinstance(cell, str) and place < MOST_COLUMNS else None
        if column is None:
            unknown.append(heading)
        elif column.name in places:
            twice.append((column.name, heading))
        else:
            places[column.name] = Place(column, place, heading, _unit(column, heading))
    absent = [column for column in table.columns if column.name not in places]
    judged = tuple(Unknown(heading, _near(heading, absent, table)) for heading in unknown[:MOST_COLUMNS])
    missing = tuple(c for c in table.columns if c.required and c.name not in places)
    return Found(
        raw,
        at,
        tuple(place for place in places.values() if not place.column.ignored),
        judged,
        tuple(twice),
        missing,
        frozenset((place.at, fold(place.heading)) for place in places.values()),
    )


def _unit(column: Column, heading: str) -> str:
    """The unit of the heading where the column counts the same thing; other words in brackets are a remark.

    A column of money never takes another currency for yuan: its cells are then refused one by one.
    """
    unit = unit_in(heading)
    if not unit or not column.unit:
        return ""
    counted, of = unit_factor(unit)[1], unit_factor(column.unit)[1]
    return unit if counted == of or (of == "元" and counted.endswith(_CURRENCIES)) else ""


def _near(heading: str, absent: Sequence[Column], table: Table) -> Nearest:
    """Only a column that the file does not have can be meant by a misspelt one."""
    near = nearest(heading, [column for column in absent if not column.ignored])
    if near.misspelt:
        return near
    return Nearest(near.column or nearest(heading, table.columns).column)
