"""Reads the three files of the search and names everything wrong in them before anything is computed."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.chain.makers.facts import CatalogueRow, Enterprise


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: where it is (counted from 1) and a code with parameters for the sentence."""

    file: str
    line: int
    column: int
    code: str
    params: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """One question: its id and the text somebody typed."""

    query: str
    text: str


class _Table:
    """Rows of one CSV file as dictionaries, with the problems met on the way."""

    def __init__(self, path: Path, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
        self.file = str(path)
        self.problems: list[Problem] = []
        self.where: dict[str, int] = {}
        self._required = required
        self._optional = optional
        self._text = self._decode(path)

    def say(self, line: int, column: str | int, code: str, **params: str | int) -> None:
        place = column if isinstance(column, int) else self.where.get(column, 0) + 1
        self.problems.append(Problem(self.file, line, place, code, tuple(params.items())))

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (first line, cells by column name); blank lines are skipped."""
        if self._text is None:
            return
        reader = csv.reader(io.StringIO(self._text, newline=""), strict=True)
        line = 1
        try:
            header = next(reader, [])
            if not self._read_header(header):
                return
            line = reader.line_num + 1
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    if any(cell.strip() for cell in cells[len(header) :]):
                        self.say(line, len(header) + 1, "too_many_cells", columns=len(header))
                    else:
                        yield (
                            line,
                            {
                                name: cells[place].strip() if place < len(cells) else ""
                                for name, place in self.where.items()
                            },
                        )
                line = reader.line_num + 1
        except csv.Error as error:
            self.say(line, 1, "not_csv", detail=str(error))

    def _decode(self, path: Path) -> str | None:
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            self.say(1, 1, "no_such_file")
            return None
        except OSError as error:
            self.say(1, 1, "unreadable", detail=error.strerror or str(error))
            return None
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = raw[: error.start]
            start = before.rfind(b"\n") + 1
            self.say(before.count(b"\n") + 1, error.start - start + 1, "not_utf8")
            return None

    def _read_header(self, header: list[str]) -> bool:
        names = [cell.strip().casefold() for cell in header]
        fine = True
        for name in self._required + self._optional:
            if names.count(name) > 1:
                self.say(1, len(names) - names[::-1].index(name), "column_twice", column_name=name)
                fine = False
            elif name in names:
                self.where[name] = names.index(name)
            elif name in self._required:
                self.say(1, 1, "no_column", column_name=name)
                fine = False
        return fine


def read_catalogue(path: Path) -> tuple[list[CatalogueRow], list[Problem]]:
    """Read ``enterprise, product[, share]``; a share that is no finite number is a problem, a wild one is not."""
    table = _Table(path, ("enterprise", "product"), ("share",))
    found = []
    any_row = False
    for line, cells in table.rows():
        any_row = True
        fine = _filled(table, line, cells, "enterprise", "product")
        share: float | None = None
        if cells.get("share"):
            try:
                share = float(cells["share"])
            except ValueError:
                share = math.nan
            if not math.isfinite(share):
                table.say(line, "share", "not_a_number", value=cells["share"][:40])
                fine = False
        if fine:
            found.append(CatalogueRow(cells["enterprise"], cells["product"], share))
    if not any_row and not table.problems:
        table.say(2, 1, "no_rows")
    return found, table.problems


def read_enterprises(path: Path) -> tuple[list[Enterprise], list[Problem]]:
    """Read ``enterprise, name, industry``; name and industry may stay empty."""
    table = _Table(path, ("enterprise", "name", "industry"))
    found = []
    for line, cells in table.rows():
        if _filled(table, line, cells, "enterprise"):
            found.append(Enterprise(cells["enterprise"], cells["name"], cells["industry"]))
    return found, table.problems


def read_queries(path: Path) -> tuple[list[Query], list[Problem]]:
    """Read ``query, text``; the same id with another text cannot be answered and is a problem."""
    table = _Table(path, ("query", "text"))
    found: dict[str, Query] = {}
    for line, cells in table.rows():
        if not _filled(table, line, cells, "query", "text"):
            continue
        query = Query(cells["query"], cells["text"])
        if found.setdefault(query.query, query) != query:
            table.say(line, "query", "query_twice", value=query.query[:40])
    return list(found.values()), table.problems


def _filled(table: _Table, line: int, cells: dict[str, str], *names: str) -> bool:
    missing = [name for name in names if not cells[name]]
    for name in missing:
        table.say(line, name, "empty", column_name=name)
    return not missing
