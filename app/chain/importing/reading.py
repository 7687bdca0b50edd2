"""A chain folder or workbook to a `Chain`: all tables, all problems, and the links between the tables."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from app.chain.facts import Chain, Essentiality, Input, Position, Reference, Segment, Supply
from app.chain.importing import csvfile
from app.chain.importing.cells import BadCell, Problem, read_cell, shown
from app.chain.importing.tables import (
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
from app.chain.importing.workbook import Unreadable, Workbook

MOST_PROBLEMS = 500
LARGEST_FILE = 512 * 1024 * 1024

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the chain, which tables were there, and everything wrong. Use it only without problems."""

    chain: Chain
    problems: tuple[Problem, ...]
    present: frozenset[str]


class _Source:
    """Where the tables are: a folder of CSV files, a workbook, or uploaded streams by table name."""

    def __init__(self, place: Path | Mapping[str, BinaryIO] | BinaryIO, label: str) -> None:
        self.problems: list[Problem] = []
        self.label = label
        self._book: Workbook | None = None
        self._streams: Mapping[str, BinaryIO] | None = None
        self._folder: Path | None = None
        if isinstance(place, Mapping):
            self._streams = place
        elif isinstance(place, Path) and place.is_dir():
            self._folder = place
        elif isinstance(place, Path) and not place.exists():
            self.problems.append(Problem(str(place), 1, "#1", "chain_no_such_place"))
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
            yield self._streams[table.name]
            return
        assert self._folder is not None
        path = self._folder / f"{table.name}.csv"
        if not path.is_file():
            raise Unreadable("chain_unreadable", detail="not a file")
        if path.stat().st_size > LARGEST_FILE:
            raise Unreadable("chain_file_too_large", megabytes=LARGEST_FILE // 1024 // 1024)
        with path.open("rb") as stream:
            yield stream

    def records(
        self, table: Table, say: csvfile.Say, header: Callable[[], list[str]]
    ) -> Iterator[tuple[int, list[str]]]:
        if self._book:
            for row, place in self._book.merged(table.name):
                say(row, f"#{place}", "chain_merged_cells")
            yield from self._book.records(table.name, say, header)
            return
        try:
            with self._open(table) as stream:
                yield from csvfile.records(stream, say, header)
        except Unreadable as wrong:
            say(1, "#1", wrong.code, **wrong.params)
        except OSError as error:
            say(1, "#1", "chain_unreadable", detail=error.strerror or str(error))


class _Problems:
    """Collects problems of one file; after so many it only counts."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def say(self, line: int, column: str, code: str, **params: Any) -> None:
        if len(self.found) < MOST_PROBLEMS:
            self.found.append(Problem(self.file, line, column, code, params))
        elif len(self.found) == MOST_PROBLEMS:
            self.found.append(
                Problem(self.file, line, column, "chain_more_problems", {"most": MOST_PROBLEMS})
            )


def _read_table(
    source: _Source, table: Table, lenient: frozenset[str]
) -> tuple[list[tuple[int, Row]], list[Problem]]:
    """All sound rows of one table as (line, cells by name)."""
    problems = _Problems(source.name(table))
    wanted: list[str] = []
    records = source.records(table, problems.say, lambda: wanted)
    rows: list[tuple[int, Row]] = []
    seen: dict[tuple[str, ...], int] = {}
    places: dict[str, int] | None = None
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if places is None:
            places = _header(table, cells, line, problems, lenient)
            wanted.extend(name if name in places else "" for name in (_clean(cell) for cell in cells))
            if places is None or any(p.code in _FATAL for p in problems.found):
                return [], problems.found
            continue
        if any(cell.strip() for cell in cells[len(wanted) :]):
            problems.say(line, f"#{len(wanted) + 1}", "chain_too_many_cells", columns=len(wanted))
            continue
        row = _row(table, places, cells, line, problems, lenient)
        if row is None:
            continue
        key = tuple(row[name] for name in table.key if name in row)
        if key in seen and len(key) == len(table.key):
            column = table.key[-1]
            problems.say(line, column, "chain_duplicate", key=" / ".join(map(shown, key)), first=seen[key])
            continue
        seen[key] = line
        rows.append((line, row))
    if places is None and not problems.found:
        problems.say(1, table.columns[0].name, "chain_no_header", columns=", ".join(table.header))
    return rows, problems.found


_FATAL = frozenset({"chain_no_column", "chain_column_twice"})


def _clean(cell: str) -> str:
    return cell.strip().strip("\ufeff").lower()


def _header(
    table: Table, cells: list[str], line: int, problems: _Problems, lenient: frozenset[str]
) -> dict[str, int]:
    names = [_clean(cell) for cell in cells]
    places: dict[str, int] = {}
    for column in table.columns:
        if names.count(column.name) > 1:
            problems.say(line, column.name, "chain_column_twice", name=column.name)
        elif column.name in names:
            places[column.name] = names.index(column.name)
        elif not column.optional and f"{table.name}.{column.name}" not in lenient:
            found = ", ".join(shown(name) for name in names[:12] if name)
            problems.say(line, column.name, "chain_no_column", name=column.name, found=found or "–")
    return places


def _row(
    table: Table,
    places: dict[str, int],
    cells: list[str],
    line: int,
    problems: _Problems,
    lenient: frozenset[str],
) -> Row | None:
    row: Row = {}
    sound = True
    for column in table.columns:
        place = places.get(column.name)
        if place is None:
            continue
        text = cells[place] if place < len(cells) else ""
        if text == "\x00":  # said already where the cell was read
            sound = False
            continue
        blank = column.blank or f"{table.name}.{column.name}" in lenient
        try:
            if blank and not text.strip() and column.name == "output_wan":
                row[column.name] = None
            else:
                row[column.name] = read_cell(column.holds, text, blank)
        except BadCell as wrong:
            problems.say(line, column.name, wrong.code, **wrong.params)
            sound = False
    return row if sound else None


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
    place: Path | Mapping[str, BinaryIO] | BinaryIO,
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
        problems += _unknown_segments(tables, known, place, label)
    elif "segments" in present:
        known = {row["segment"] for _line, row in tables["segments"]}
        broken = any(
            problem.file.endswith(("segments.csv", "#segments")) and problem.code != "chain_duplicate"
            for problem in problems
        )
        if not broken:
            problems += _unknown_segments(tables, known, place, label)
    return Reading(_chain(tables), tuple(_in_order(problems)), present)


def read_added(place: Path, base: Chain, label: str = "") -> Reading:
    """Read a what-if folder: `positions.csv`, optionally `segments.csv` and `inputs.csv`, on top of `base`."""
    tables, problems, present = _read_tables(
        place, ("positions",), label, frozenset(), ("segments", "inputs", "positions")
    )
    known = base.segment_codes | {row["segment"] for _line, row in tables.get("segments", ())}
    problems += _unknown_segments(tables, known, place, label)
    return Reading(_chain(tables), tuple(_in_order(problems)), present)


def _file_name(label: str, table: Table, book: bool) -> str:
    return f"{label}#{table.name}" if book else f"{label}{table.name}.csv"


def _read_tables(
    place: Path | Mapping[str, BinaryIO] | BinaryIO,
    needed: Iterable[str],
    label: str,
    lenient: frozenset[str],
    wanted: Iterable[str],
) -> tuple[dict[str, list[tuple[int, Row]]], list[Problem], frozenset[str]]:
    if isinstance(place, Path) and not label and not place.is_dir():
        label = place.name
    source = _Source(place, label)
    problems = list(source.problems)
    tables: dict[str, list[tuple[int, Row]]] = {}
    needed = frozenset(needed)
    if source.usable:
        for name in wanted:
            table = BY_NAME[name]
            if table in source:
                tables[name], wrong = _read_table(source, table, lenient)
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


def _unknown_segments(
    tables: Mapping[str, list[tuple[int, Row]]],
    known: Iterable[str],
    place: Path | Mapping[str, BinaryIO] | BinaryIO,
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
        problems = _Problems(_file_name(label, table, book))
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
