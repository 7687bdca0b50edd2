"""A file to the rows of one table: every fault with its sheet, row and column, nothing dropped without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.hall.files.archives import FORM_SHEET, Bounds, Unreadable
from app.hall.files.cells import BadCell, Problem, shown
from app.hall.files.sheets.columns import Cell, Row, Table, Value, fold
from app.hall.files.sheets.headings import LOOKED_AT, Found, Place, find
from app.hall.files.sheets.judge import as_text, is_blank, judge
from app.hall.files.sheets.source import Raw, open_tables

MOST_PROBLEMS = 500
MOST_NOTES = 50
_SUMS = frozenset({"合计", "总计", "小计", "共计", "累计", "total", "sum", "subtotal", "grandtotal"})
_NOTE = re.compile(
    r"(注|备注|说明|填表说明|填表人|填报人|制表|制表人|审核|审核人|填表日期|note|notes|remark)\s*[:：\d、.(（]"
)


@dataclass(frozen=True, slots=True)
class Passed:
    """A row that is no data: a title above, a sum, a note, a heading printed again."""

    row: int
    why: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One sound row of the file."""

    row: int
    values: Row


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. Use `lines` only without `problems`."""

    sheet: str
    lines: tuple[Line, ...] = ()
    columns: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    passed: tuple[Passed, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()  # a heading nobody knows, the name of the column nearest to it
    other_sheets: tuple[str, ...] = ()


def read(data: bytes, name: str, table: Table, bounds: Bounds = FORM_SHEET) -> Reading:
    """Read one table out of a file.

    Parameters
    ----------
    data : bytes
        An .xlsx, an .xls or a CSV; which, its first bytes tell.
    name : str
        The file's name, for messages.
    table : Table
        What is looked for. The sheet and the row of headings are found by the headings.

    Returns
    -------
    Reading
        All sound rows and all faults at once; linear in the number of cells.
    """
    try:
        raws = open_tables(data, name, bounds)
    except Unreadable as wrong:
        return Reading("", problems=(Problem(name, 1, "", wrong.code, wrong.params),))
    broken = tuple(Problem(name, p.line, p.column, p.code, p.params) for raw in raws for p in raw.problems)
    if broken:
        return Reading("", problems=broken[:MOST_PROBLEMS])
    found = find(raws, table)
    if found is None:
        return Reading("", problems=(_not_this_table(raws, name, table),))
    others = tuple(raw.name for raw in raws if raw is not found.raw and raw.rows)
    return _Table(found, table, name).read(others)


def _not_this_table(raws: Sequence[Raw], name: str, table: Table) -> Problem:
    rows = [cells for raw in raws for _number, cells in raw.rows[:LOOKED_AT]]
    if not rows:
        return Problem(name, 1, "", "sheet_nothing_in_it")
    widest = max(rows, key=lambda cells: sum(not is_blank(cell) for cell in cells))
    seen = "、".join(shown(as_text(cell)) for cell in widest[:12] if not is_blank(cell))
    wanted = "、".join(column.zh for column in table.columns[:12])
    return Problem(name, 1, "", "sheet_other_table", {"found": seen, "columns": wanted})


def is_sum_or_note(cells: Sequence[Cell]) -> bool:
    """Whether a row sums up or remarks, and holds no data.

    >>> is_sum_or_note(("合计", 5)), is_sum_or_note(("注：截至三月",)), is_sum_or_note(("注册处", 5))
    (True, True, False)
    """
    words = [as_text(cell).strip() for cell in cells if not is_blank(cell)]
    return bool(words) and (fold(words[0]) in _SUMS or bool(_NOTE.match(words[0].casefold())))


class _Table:
    """One table while it is read."""

    def __init__(self, found: Found, table: Table, name: str) -> None:
        self.found = found
        self.table = table
        self.file = f"{name}#{found.raw.name}" if found.raw.name else name
        self.problems: list[Problem] = []
        self.passed: list[Passed] = []
        self.seen: dict[tuple[Value, ...], int] = {}

    def say(self, row: int, column: str, code: str, **params: object) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(self.file, row, column, code, params))
        elif len(self.problems) == MOST_PROBLEMS:
            self.problems.append(
                Problem(self.file, row, column, "table_more_problems", {"most": MOST_PROBLEMS})
            )

    def pass_over(self, row: int, why: str, cells: Sequence[Cell]) -> None:
        if len(self.passed) < MOST_NOTES:
            text = " ".join(as_text(cell) for cell in cells if not is_blank(cell))
            self.passed.append(Passed(row, why, shown(text)))

    def read(self, others: tuple[str, ...]) -> Reading:
        raw, found = self.found.raw, self.found
        for number, cells in raw.rows[: found.row]:
            if any(not is_blank(cell) for cell in cells):
                self.pass_over(number, "above", cells)
        self._headings()
        lines = list(self._lines(raw)) if not self.problems else []
        if not lines and not self.problems:
            self.say(found.number, "", "sheet_no_rows")
        return Reading(
            raw.name,
            tuple(lines),
            tuple(place.column.name for place in found.places),
            tuple(self.problems),
            tuple(self.passed),
            tuple((one.heading, one.near.column.name if one.near.column else "") for one in found.unknown),
            others,
        )

    def _headings(self) -> None:
        found = self.found
        for one in found.unknown:
            if one.near.misspelt and one.near.column:
                self.say(
                    found.number,
                    one.heading,
                    "sheet_misspelt",
                    found=shown(one.heading),
                    near=one.near.column.zh,
                )
        if len(found.raw.rows[found.row][1]) > 200:
            self.say(found.number, "", "sheet_too_wide", most=200)
        for _column, heading in found.twice:
            self.say(found.number, heading, "table_column_twice", name=shown(heading))
        for column in found.missing:
            seen = "、".join(shown(place.heading) for place in found.places[:12])
            self.say(found.number, column.zh, "table_no_column", name=column.zh, found=seen)

    def _lines(self, raw: Raw) -> Iterator[Line]:
        count = 0
        for number, cells in raw.rows[self.found.row + 1 :]:
            blank = all(is_blank(cell) for cell in cells)
            faulty = blank and any((number, place.at) in raw.faults for place in self.found.places)
            if (blank and not faulty) or self._is_no_data(number, cells):
                continue
            count += 1
            if count > self.table.most_rows:
                self.say(number, "", "table_too_many_rows", most=self.table.most_rows)
                return
            values = self._row(number, cells)
            if values is not None and self._is_new(number, values):
                yield Line(number, values)

    def _is_no_data(self, number: int, cells: Sequence[Cell]) -> bool:
        words = [as_text(cell).strip() for cell in cells if not is_blank(cell)]
        if not words:
            return False
        if fold(words[0]) in _SUMS:
            self.pass_over(number, "sum", cells)
        elif _NOTE.match(words[0].casefold()) or (len(words) == 1 and words[0].startswith(("※", "*注"))):
            self.pass_over(number, "note", cells)
        elif self.found.folded <= {
            (at, fold(cell)) for at, cell in enumerate(cells) if isinstance(cell, str)
        }:
            self.pass_over(number, "again", cells)
        else:
            return False
        return True

    def _row(self, number: int, cells: Sequence[Cell]) -> Row | None:
        values: Row = {}
        sound = True
        for place in self.found.places:
            cell = cells[place.at] if place.at < len(cells) else None
            try:
                values[place.column.name] = self._cell(number, place, cell)
            except BadCell as wrong:
                self.say(number, place.heading, wrong.code, **wrong.params)
                sound = False
        return values if sound else None

    def _cell(self, number: int, place: Place, cell: Cell) -> Value:
        fault = self.found.raw.faults.get((number, place.at))
        if fault and is_blank(cell):
            raise BadCell(fault)
        if cell == "\x00":  # a cell of a CSV that was too long; said already
            raise BadCell("table_cell_too_large", longest=place.column.longest)
        return judge(place.column, cell, place.unit)

    def _is_new(self, number: int, values: Row) -> bool:
        key = key_of(self.table, values)
        if key in self.seen:
            text = " / ".join(shown(str(part)) for part in key)
            heading = next(p.heading for p in self.found.places if p.column.name == self.table.key[-1])
            self.say(number, heading, "table_duplicate", key=text, first=self.seen[key])
            return False
        if any(part not in (None, "") for part in key):
            self.seen[key] = number
        return True


def key_of(table: Table, values: Row) -> tuple[Value, ...]:
    """What names a row: the values of its key columns, texts folded so that a blank or a width makes no second row."""
    found = ((table.column(name), values.get(name)) for name in table.key)
    return tuple(
        "" if value is None else fold(value) if isinstance(value, str) and not column.exact else value
        for column, value in found
    )
