"""An uploaded sheet to a `SectorTable`: the square is found by labels that stand in its head and on its left alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.chain.sector_tables import labels, long
from app.chain.sector_tables.cells import Sayer, number
from app.chain.sector_tables.rules import LeftOut, Sector, SectorTable
from app.hall.files.archives import REGISTER, Unreadable
from app.hall.files.cells import Problem, shown
from app.hall.files.sheets.columns import Cell, distance
from app.hall.files.sheets.judge import as_text, is_blank
from app.hall.files.sheets.source import Raw, open_tables

LOOKED_AT, LABEL_COLUMNS = 60, 10
MOST_SECTORS = 500
MOST_LINES = 3 * MOST_SECTORS  # rows and columns that are looked through for labels


@dataclass(frozen=True, slots=True)
class Read:
    """What a file gave: the table or problems, the sheet it came from and other sheets that look like one."""

    table: SectorTable | None
    problems: tuple[Problem, ...] = ()
    sheet: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Square:
    """Where the square stands: rows and columns of the sectors by their key, in the order of the rows."""

    raw: Raw
    head: int
    left: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]


def read(data: bytes, name: str, sheet: str = "") -> Read:
    """The input–output table of a file; without `sheet` the largest one it holds."""
    try:
        raws = open_tables(data, name, REGISTER)
    except Unreadable as wrong:
        return Read(None, (Problem(name, 1, "#1", wrong.code, wrong.params),))
    broken = tuple(Problem(name, p.line, p.column, p.code, p.params) for raw in raws for p in raw.problems)
    if broken:
        return Read(None, broken)
    asked = [raw for raw in raws if not raw.hidden and (not sheet or raw.name == sheet)]
    found = [(raw, long.head(raw) or square(raw)) for raw in asked]
    sized = [(raw, place) for raw, place in found if place]
    if not sized:
        code = "sector_no_such_sheet" if sheet and not asked else "sector_no_table"
        return Read(None, (Problem(name, 1, "#1", code, {"sheet": shown(sheet)}),))
    raw, place = max(sized, key=lambda one: len(one[1].rows))
    say = Sayer(f"{name}#{raw.name}" if raw.name else name)
    table = long.read(raw, place, say) if isinstance(place, long.Head) else _table(place, say)
    if len(table.sectors) > MOST_SECTORS:
        say(1, "#1", "sector_too_many", most=MOST_SECTORS)
    table = replace(table, title=" ".join((raw.name, name, table.title))[:300])
    others = tuple(one.name for one, _ in sized if one is not raw)
    return Read(None if say.found else table, tuple(say.found), raw.name, others)


def square(raw: Raw) -> Square | None:
    """The row and column of labels that share most of them; the first of equals."""
    rows = [cells for _number, cells in raw.rows[:MOST_LINES]]
    down = [
        [_label(cells[left]) if left < len(cells) else "" for cells in rows] for left in range(LABEL_COLUMNS)
    ]
    best: Square | None = None
    for head, cells in enumerate(rows[:LOOKED_AT]):
        words = {
            word: at for at in range(min(len(cells), MOST_LINES) - 1, -1, -1) if (word := _label(cells[at]))
        }
        if len(words) < 2:
            continue
        for left, labelled in enumerate(down):
            found = _shared(raw, head, left, words, labelled)
            if len(found.rows) > (len(best.rows) if best else 1):
                best = found
    return best


def _label(cell: Cell) -> str:
    """What may name a sector, as it is compared; nothing for a number with a fraction or a total."""
    return "" if labels.why(cell) else labels.key(cell)


def _shared(raw: Raw, head: int, left: int, words: dict[str, int], labelled: Sequence[str]) -> Square:
    rows: list[int] = []
    columns: dict[int, None] = {}
    for at in range(head + 1, len(labelled)):
        column = words.get(labelled[at], -1) if labelled[at] else -1
        if column > left and column not in columns:
            rows.append(at)
            columns[column] = None
    return Square(raw, head, left, tuple(rows), tuple(columns))


def _table(place: Square, say: Sayer) -> SectorTable:
    cells = tuple(
        tuple(number(place.raw, row, column, say, _heading(place, column)) for column in place.columns)
        for row in place.rows
    )
    left_out, lines = _rest(place, say)
    totals, subtotals = (
        tuple(number(place.raw, lines[why], column, say, _heading(place, column)) for column in place.columns)
        if why in lines
        else ()
        for why in (labels.TOTAL_INPUT, labels.SUBTOTAL)
    )
    above = " ".join(_texts(cells) for _n, cells in place.raw.rows[: place.head])
    return SectorTable(_sectors(place), cells, totals, subtotals, left_out, "matrix", above)


def _texts(cells: Sequence[Cell]) -> str:
    return " ".join(as_text(cell) for cell in cells if isinstance(cell, str) and not is_blank(cell))


def _heading(place: Square, column: int) -> str:
    return shown(as_text(place.raw.rows[place.head][1][column]))


def _labels_of_row(place: Square, row: int) -> list[str]:
    cells = place.raw.rows[row][1][: min(place.columns)]
    return [as_text(cell).strip() for cell in cells if not is_blank(cell)]


def _labels_of_column(place: Square, column: int) -> list[str]:
    found = [cells[column] for _n, cells in place.raw.rows[: min(place.rows)] if column < len(cells)]
    return [as_text(cell).strip() for cell in found if not is_blank(cell)]


def _sectors(place: Square) -> tuple[Sector, ...]:
    found = []
    for row, column in zip(place.rows, place.columns, strict=True):
        left, above = _labels_of_row(place, row), _labels_of_column(place, column)
        shared = [word for word in left if word in above]  # what stands on one side alone may head a group
        found.append([*shared, *(word for word in (*left, *above) if word not in shared)])
    groups = {word for one in found for word in one if sum(word in other for other in found) > 1}
    return labels.sectors([[word for word in one if word not in groups] or one for one in found])


def _rest(place: Square, say: Sayer) -> tuple[tuple[LeftOut, ...], dict[str, int]]:
    """The rows and columns with numbers that are no sector; and the row of each kind that is needed."""
    rows = [
        (at, _labels_of_row(place, at))
        for at in range(min(place.rows), len(place.raw.rows))
        if at not in place.rows and _has_number(place.raw.rows[at][1], place.columns)
    ]
    width = max(len(place.raw.rows[at][1]) for at in place.rows)
    columns = [
        (at, _labels_of_column(place, at))
        for at in range(place.left + 1, width)
        if at not in place.columns and any(_has_number(place.raw.rows[row][1], (at,)) for row in place.rows)
    ]
    found = [LeftOut(_said(words), "row", _why(words)) for _at, words in rows]
    divisors = (labels.TOTAL_INPUT, labels.SUBTOTAL)  # only a row of them is used
    found += [
        LeftOut(_said(words), "column", labels.TOTAL if (kind := _why(words)) in divisors else kind)
        for _at, words in columns
    ]
    _misspelt(place, rows, columns, say)
    lines: dict[str, int] = {}
    for at, words in rows:
        if _why(words) not in lines or any(word in ("总投入", "TI") for word in words):
            lines[_why(words)] = at
    return tuple(one for one in found if one.why != labels.NO_LABEL and one.label), lines


def _has_number(cells: Sequence[Cell], columns: Sequence[int]) -> bool:
    return any(
        at < len(cells)
        and (isinstance(cells[at], (int, float)) or labels.begins_with_digit(as_text(cells[at])))
        for at in columns
    )


def _said(words: list[str]) -> str:
    return shown(" ".join(words[-2:]))


def _why(words: list[str]) -> str:
    return next((kind for word in reversed(words) if (kind := labels.why(word))), labels.UNKNOWN)


def _misspelt(
    place: Square, rows: list[tuple[int, list[str]]], columns: list[tuple[int, list[str]]], say: Sayer
) -> None:
    """A row and a column that are no sector but nearly the same word: one of them is misspelt."""
    heads = [word for _at, words in columns if _why(words) == labels.UNKNOWN for word in words]
    for at, words in rows:
        if _why(words) != labels.UNKNOWN:
            continue
        for word in words:
            near = [one for one in heads if len(word) > 2 and 0 < distance(word, one, 1) < 2]
            if near:
                say(place.raw.rows[at][0], "#1", "sector_misspelt", value=shown(word), near=shown(near[0]))
