"""A chain folder or workbook to a `Chain`: all tables, all problems, and the links between the tables."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from app.chain.exchange import tables
from app.chain.exchange.cells import read_cell
from app.chain.exchange.friendly import Rows
from app.chain.exchange.tables import (
    BY_NAME,
    ESSENTIALITY,
    FOLDER,
    INPUTS,
    POSITIONS,
    REFERENCE,
    SEGMENTS,
    SUPPLY,
    Table,
)
from app.chain.register.facts import Chain, Essentiality, Input, Position, Reference, Segment, Supply
from app.hall.files import csvfile, sheet
from app.hall.files.archives import Unreadable
from app.hall.files.cells import Problem, shown
from app.hall.files.sheet import LARGEST_FILE, Column, Problems, Row
from app.hall.files.workbook import Workbook


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the chain, which tables were there, and everything wrong. Use it only without problems."""

    chain: Chain
    problems: tuple[Problem, ...]
    present: frozenset[str]


class Source:
    """Where the tables are: a folder of CSV files, a workbook, or uploaded streams by table name."""

    def __init__(self, place: Path | Mapping[str, BinaryIO | Rows] | BinaryIO, label: str) -> None:
        self.problems: list[Problem] = []
        self.label = label
        self._book: Workbook | None = None
        self._streams: Mapping[str, BinaryIO | Rows] | None = None
        self._folder: Path | None = None
        if isinstance(place, Mapping):
            self._streams = place
        elif isinstance(place, Path) and place.is_dir():
            self._folder = place
        elif isinstance(place, Path) and not place.exists():
            self.problems.append(Problem(str(place), 1, "#1", "table_no_such_place"))
        else:
            try:
                self._book = Workbook(place)
            except Unreadable as wrong:
                self.problems.append(Problem(label, 1, "#1", wrong.code, wrong.params))

    @property
    def usable(self) -> bool:
        return not self.problems

    def close(self) -> None:
        if self._book:
            self._book.close()

    def name(self, table: Table) -> str:
        return f"{self.label}#{table.name}" if self._book else f"{self.label}{table.name}.csv"

    def __contains__(self, table: Table) -> bool:
        if self._book:
            return table.name in self._book
        if self._streams is not None:
            return table.name in self._streams
        return bool(self._folder) and (self._folder / f"{table.name}.csv").exists()  # type: ignore[operator]

    @contextmanager
    def _open(self, table: Table) -> Iterator[BinaryIO]:
        if self._streams is not None:
            stream = self._streams[table.name]
            assert not isinstance(stream, Rows)
            yield stream
            return
        assert self._folder is not None
        path = self._folder / f"{table.name}.csv"
        if not path.is_file():
            raise Unreadable("table_unreadable", detail="not a file")
        if path.stat().st_size > LARGEST_FILE:
            raise Unreadable("table_too_large", megabytes=LARGEST_FILE // 1024 // 1024)
        with path.open("rb") as stream:
            yield stream

    def records(
        self, table: Table, say: csvfile.Say, header: Callable[[], list[str]]
    ) -> Iterator[tuple[int, list[str]]]:
        if self._book:
            for row, place in self._book.merged(table.name):
                say(row, f"#{place}", "table_merged_cells")
            yield from self._book.records(table.name, say, header)
            return
        if self._streams is not None and isinstance(given := self._streams[table.name], Rows):
            yield from given.rows
            return
        try:
            with self._open(table) as stream:
                yield from csvfile.records(stream, say, header)
        except Unreadable as wrong:
            say(1, "#1", wrong.code, **wrong.params)
        except OSError as error:
            say(1, "#1", "table_unreadable", detail=error.strerror or str(error))


def read_table(
    source: Source, table: Table, lenient: frozenset[str]
) -> tuple[list[tuple[int, Row]], list[Problem]]:
    """All sound rows of one table as (line, cells by name)."""
    problems = Problems(source.name(table))
    columns = [
        Column(
            column.name,
            partial(_cell, column, column.blank or f"{table.name}.{column.name}" in lenient),
            column.optional or f"{table.name}.{column.name}" in lenient,
        )
        for column in table.columns
    ]
    reader = sheet.Table(columns, table.key, problems)
    return reader.rows(source.records(table, problems.say, lambda: reader.names)), problems.found


def _cell(column: tables.Column, blank: bool, text: str) -> Any:
    if blank and not text.strip() and column.name == "output_wan":
        return None
    return read_cell(column.holds, text, blank)


# What a command does not compute with may be missing from its files.
LENIENT = {
    "assess": frozenset[str](),
    "knock-out": frozenset(
        {"positions.name", "positions.output_wan", "segments.name_zh", "segments.name_en"}
    ),
    "risk": frozenset(
        {
            "positions.name",
            "positions.output_wan",
            "supply.segment",
            "segments.name_zh",
            "segments.name_en",
        }
    ),
}


def read_chain(
    place: Path | Mapping[str, BinaryIO | Rows] | BinaryIO,
    needed: Iterable[str],
    label: str = "",
    lenient: frozenset[str] = frozenset(),
    wanted: Iterable[Table] = FOLDER,
    known: Iterable[str] | None = None,
) -> Reading:
    """Read all `wanted` tables that are there; those `needed` must be.

    Parameters
    ----------
    place : Path, mapping of table name to binary stream, or a binary stream of a workbook
        A folder of CSV files, uploaded CSV files, or an `.xlsx`.
    needed : iterable of str
        Table names without which there is nothing to do.
    label : str
        Put before the file names in problems.
    lenient : frozenset of str
        `table.column` that may be missing or blank although the format has it.
    wanted : iterable of Table
        The tables to look for; other files and sheets are left alone.
    known : iterable of str, optional
        Codes of segments that rows may name where no `segments` come with them.
    """
    names = [table.name for table in wanted]
    tables, problems, present = _read_tables(place, needed, label, lenient, names)
    if "segments" not in present and known is not None:
        problems += unknown_segments(tables, known, place, label)
    elif "segments" in present:
        known = {row["segment"] for _line, row in tables["segments"]}
        broken = any(
            problem.file.endswith(("segments.csv", "#segments")) and problem.code != "table_duplicate"
            for problem in problems
        )
        if not broken:
            problems += unknown_segments(tables, known, place, label)
    return Reading(_chain(tables), tuple(_in_order(problems)), present)


def read_added(place: Path, base: Chain, label: str = "") -> Reading:
    """Read a what-if folder: `positions.csv`, optionally `segments.csv` and `inputs.csv`, on top of `base`."""
    tables, problems, present = _read_tables(
        place, ("positions",), label, frozenset(), ("segments", "inputs", "positions")
    )
    known = base.segment_codes | {row["segment"] for _line, row in tables.get("segments", ())}
    problems += unknown_segments(tables, known, place, label)
    return Reading(_chain(tables), tuple(_in_order(problems)), present)


def _file_name(label: str, table: Table, book: bool) -> str:
    return f"{label}#{table.name}" if book else f"{label}{table.name}.csv"


def _read_tables(
    place: Path | Mapping[str, BinaryIO | Rows] | BinaryIO,
    needed: Iterable[str],
    label: str,
    lenient: frozenset[str],
    wanted: Iterable[str],
) -> tuple[dict[str, list[tuple[int, Row]]], list[Problem], frozenset[str]]:
    if isinstance(place, Path) and not label and not place.is_dir():
        label = place.name
    source = Source(place, label)
    problems = list(source.problems)
    tables: dict[str, list[tuple[int, Row]]] = {}
    needed = frozenset(needed)
    if source.usable:
        for name in wanted:
            table = BY_NAME[name]
            if table in source:
                tables[name], wrong = read_table(source, table, lenient)
                problems += wrong
            elif name in needed:
                columns = ", ".join(table.header)
                problems.append(
                    Problem(
                        source.name(table), 1, table.header[0], "chain_no_such_file", {"columns": columns}
                    )
                )
    source.close()
    return tables, problems, frozenset(tables)


def unknown_segments(
    tables: Mapping[str, list[tuple[int, Row]]],
    known: Iterable[str],
    place: Path | Mapping[str, BinaryIO | Rows] | BinaryIO,
    label: str,
) -> list[Problem]:
    book = not isinstance(place, Mapping) and not (isinstance(place, Path) and place.is_dir())
    if book and isinstance(place, Path) and not label:
        label = place.name
    known = set(known)
    found = []
    for name, rows in tables.items():
        if name == "segments":
            continue
        table = BY_NAME[name]
        problems = Problems(_file_name(label, table, book))
        columns = [column.name for column in table.columns if column.segment]
        for line, row in rows:
            for column in columns:
                if column in row and row[column] not in known:
                    near = difflib.get_close_matches(row[column], sorted(known)[:2000], n=1, cutoff=0.6)
                    guess = {"near": near[0]} if near else {}
                    code = "chain_unknown_segment_near" if near else "chain_unknown_segment"
                    problems.say(line, column, code, value=shown(row[column]), **guess)
        found += problems.found
    return found


def _in_order(problems: list[Problem]) -> list[Problem]:
    order = {name: n for n, name in enumerate(BY_NAME)}

    def key(problem: Problem) -> tuple[int, int]:
        name = problem.file.replace("#", "/").rsplit("/", 1)[-1].removesuffix(".csv")
        return order.get(name, -1), problem.line

    return sorted(problems, key=key)


def _chain(tables: Mapping[str, list[tuple[int, Row]]]) -> Chain:
    def rows(name: str) -> Iterator[Row]:
        return (row for _line, row in tables.get(name, ()))

    return Chain(
        segments=tuple(
            Segment(r["segment"], r.get("name_zh", ""), r.get("name_en", ""), r.get("stage"))
            for r in rows(SEGMENTS.name)
        ),
        inputs=tuple(Input(r["input"], r["output"], r["coefficient"]) for r in rows(INPUTS.name)),
        positions=tuple(
            Position(
                r["enterprise"], r.get("name", ""), r["segment"], r.get("output_wan"), r.get("in_park", True)
            )
            for r in rows(POSITIONS.name)
        ),
        supplies=tuple(
            Supply(r["supplier"], r["customer"], r.get("segment", ""), r["value_wan"])
            for r in rows(SUPPLY.name)
        ),
        essentiality=tuple(
            Essentiality(r["input"], r["output"], r["class"]) for r in rows(ESSENTIALITY.name)
        ),
        reference=tuple(
            Reference(r["region"], r["segment"], r["output_wan"], r.get("year"), r.get("source", ""))
            for r in rows(REFERENCE.name)
        ),
    )
