"""One table of a CSV file or workbook to rows, with the place of everything that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.hall.files import csvfile
from app.hall.files.archives import Unreadable
from app.hall.files.cells import BadCell, Problem, read_text, shown
from app.hall.files.workbook import Workbook

MOST_PROBLEMS = 500
LARGEST_FILE = 512 * 1024 * 1024
LONGEST_CODE = 64
_FATAL = frozenset({"table_no_column", "table_column_twice"})

Row = dict[str, Any]


def read_code(text: str) -> str:
    """A code that may not be empty.

    >>> read_code(" E1 ")
    'E1'
    """
    text = text.strip()
    if not text:
        raise BadCell("table_empty")
    return read_text(text, LONGEST_CODE)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how its cells are read (`BadCell` says what is wrong), and whether it may be missing."""

    name: str
    read: Callable[[str], Any] = read_code
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """Sound rows with their lines, the wanted columns that are there, and everything wrong."""

    file: str
    rows: tuple[tuple[int, Row], ...]
    columns: frozenset[str]
    problems: tuple[Problem, ...]


class Problems:
    """Collects problems of one file; after so many it only counts."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def say(self, line: int, column: str, code: str, **params: Any) -> None:
        if len(self.found) < MOST_PROBLEMS:
            self.found.append(Problem(self.file, line, column, code, params))
        elif len(self.found) == MOST_PROBLEMS:
            self.found.append(
                Problem(self.file, line, column, "table_more_problems", {"most": MOST_PROBLEMS})
            )


class Table:
    """The rows of one table as they come: header first, then one row at a time."""

    def __init__(self, columns: Sequence[Column], key: Sequence[str], problems: Problems) -> None:
        self.columns = columns
        self.key = tuple(key)
        self.problems = problems
        self.names: list[str] = []
        self.places: dict[str, int] | None = None
        self._seen: dict[tuple[Any, ...], int] = {}

    def rows(self, records: Iterable[tuple[int, list[str]]]) -> list[tuple[int, Row]]:
        """All sound rows as (line, cells by name); a header that cannot be used ends the reading."""
        found = []
        for line, cells in records:
            if not any(cell.strip() for cell in cells):
                continue
            if self.places is None:
                if not self._header(cells, line):
                    return []
                continue
            if any(cell.strip() for cell in cells[len(self.names) :]):
                width = len(self.names)
                self.problems.say(line, f"#{width + 1}", "table_too_many_cells", columns=width)
                continue
            row = self._row(self.places, cells, line)
            if row is not None and self._is_new(row, cells, self.places, line):
                found.append((line, row))
        if self.places is None and not self.problems.found:
            wanted = ", ".join(column.name for column in self.columns)
            self.problems.say(1, self.columns[0].name, "table_no_header", columns=wanted)
        return found

    def _header(self, cells: list[str], line: int) -> bool:
        names = [cell.strip().strip("\ufeff").lower() for cell in cells]
        places: dict[str, int] = {}
        for column in self.columns:
            if names.count(column.name) > 1:
                self.problems.say(line, column.name, "table_column_twice", name=column.name)
            elif column.name in names:
                places[column.name] = names.index(column.name)
            elif not column.optional:
                found = ", ".join(shown(name) for name in names[:12] if name)
                self.problems.say(line, column.name, "table_no_column", name=column.name, found=found or "–")
        self.places = places
        self.names.extend(name if name in places else "" for name in names)
        return not any(problem.code in _FATAL for problem in self.problems.found)

    def _row(self, places: Mapping[str, int], cells: list[str], line: int) -> Row | None:
        row: Row = {}
        sound = True
        for column in self.columns:
            place = places.get(column.name)
            if place is None:
                continue
            text = cells[place] if place < len(cells) else ""
            if text == "\x00":  # said already where the cell was read
                sound = False
                continue
            try:
                row[column.name] = column.read(text)
            except BadCell as wrong:
                self.problems.say(line, column.name, wrong.code, **wrong.params)
                sound = False
        return row if sound else None

    def _is_new(self, row: Row, cells: list[str], places: Mapping[str, int], line: int) -> bool:
        key = tuple(row[name] for name in self.key if name in row)
        if key in self._seen and len(key) == len(self.key):
            text = " / ".join(shown(cells[places[name]].strip()) for name in self.key)
            self.problems.say(line, self.key[-1], "table_duplicate", key=text, first=self._seen[key])
            return False
        if self.key:
            self._seen[key] = line
        return True


def read_sheet(path: Path, name: str, columns: Sequence[Column], key: Sequence[str] = ()) -> Sheet:
    """Read one table of the file at `path`: CSV, or the sheet `name` (else the first) of a workbook.

    Parameters
    ----------
    path : Path
        A CSV file in UTF-8 with or without BOM, or an `.xlsx`; which of them, its first bytes tell.
    name : str
        Name of the sheet in a workbook, in small letters.
    columns : sequence of Column
        The columns wanted, in any order; others are ignored. A day in a workbook is read as `YYYY-MM-DD`.
    key : sequence of str
        Columns that together name a row: the same twice is a problem.
    """
    problems = Problems(str(path))
    table = Table(columns, key, problems)
    rows: list[tuple[int, Row]] = []
    try:
        if not path.exists():
            problems.say(1, "#1", "table_no_such_place")
        elif not path.is_file():
            problems.say(1, "#1", "table_unreadable", detail="not a file")
        elif path.stat().st_size > LARGEST_FILE:
            problems.say(1, "#1", "table_too_large", megabytes=LARGEST_FILE // 1024 // 1024)
        else:
            rows = table.rows(_records(path, name, table))
    except Unreadable as wrong:
        problems.say(1, "#1", wrong.code, **wrong.params)
    except OSError as error:
        problems.say(1, "#1", "table_unreadable", detail=error.strerror or str(error))
    return Sheet(problems.file, tuple(rows), frozenset(table.places or ()), tuple(problems.found))


def _records(path: Path, name: str, table: Table) -> Iterator[tuple[int, list[str]]]:
    with path.open("rb") as stream:
        if stream.read(4) != b"PK\x03\x04" and path.suffix.lower() != ".xlsx":
            stream.seek(0)
            yield from csvfile.records(stream, table.problems.say, lambda: table.names)
            return
    book = Workbook(path)
    try:
        if name not in book:
            name = book.first
        table.problems.file = f"{path}#{name}"
        for row, place in book.merged(name):
            table.problems.say(row, f"#{place}", "table_merged_cells")
        yield from book.records(name, table.problems.say, lambda: table.names, days=True)
    finally:
        book.close()
