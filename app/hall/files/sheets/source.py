"""A file as it came to its tables of bare cells: .xlsx, .xls, CSV in UTF-8, UTF-16 or GB18030; bounded, never trusted."""

from __future__ import annotations

import codecs
import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.hall.files import csvfile
from app.hall.files.archives import REGISTER, Bounds, Unreadable, check_workbook
from app.hall.files.cells import Problem
from app.hall.files.sheets.columns import Cell
from app.hall.files.sheets.inside import Look, look_into

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

MOST_SHEETS = 60
MOST_CELLS = 4_000_000
MOST_MERGED = 200_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Raw:
    """One table of bare cells with the number of each row, and what stands where cells cannot tell it."""

    name: str
    hidden: bool
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    faults: dict[tuple[int, int], str]  # (row, column from 0): a message id
    problems: tuple[Problem, ...] = ()


def open_tables(data: bytes, name: str = "", bounds: Bounds = REGISTER) -> list[Raw]:
    """Every table of a file, in its order; what kind of file it is, its first bytes tell.

    Raises `Unreadable` where the file as a whole cannot be read.
    """
    if data[:4] == b"PK\x03\x04":
        check_workbook(io.BytesIO(data), bounds)
        return list(_workbook(data, zipped=True))
    if data[:8] == _OLE:
        return list(_workbook(data, zipped=False))
    if name.lower().endswith((".xlsx", ".xls")):
        raise Unreadable("table_not_a_workbook")
    return [_csv(data)]


def _workbook(data: bytes, zipped: bool) -> Iterator[Raw]:
    import python_calamine

    looks = _looks(data) if zipped else {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
            found = [
                (at, meta.name, meta.visible != python_calamine.SheetVisibleEnum.Visible)
                for at, meta in enumerate(book.sheets_metadata)
                if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
            ]
            for at, name, hidden in found[:MOST_SHEETS]:
                yield _sheet(book, at, name, hidden, looks.get(name, Look()))
    except (OSError, ValueError, python_calamine.CalamineError):
        raise Unreadable("table_not_a_workbook") from None


def _looks(data: bytes) -> dict[str, Look]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        looks = look_into(archive)
    if sum(look.area for look in looks.values()) > MOST_CELLS:
        raise Unreadable("table_too_wide", most=MOST_CELLS)
    return looks


def _sheet(book: CalamineWorkbook, at: int, name: str, hidden: bool, look: Look) -> Raw:
    sheet = book.get_sheet_by_index(at)
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise Unreadable("table_too_wide", most=MOST_CELLS)
    cells = sheet.to_python(skip_empty_area=False)
    _fill_merged(sheet, cells)
    rows = tuple(
        (number, tuple(row)) for number, row in enumerate(cells, start=1) if any(c != "" for c in row)
    )
    return Raw(name, hidden, rows, look.faults)


def _fill_merged(sheet: CalamineSheet, cells: Sequence[list[Any]]) -> None:
    """What was written once for several rows stands in each of them; rows with nothing else stay empty."""
    filled = 0
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        if top >= len(cells) or left >= len(cells[top]):
            continue
        value = cells[top][left]
        last = min(bottom, len(cells) - 1)
        filled += max(0, last - top)
        if filled > MOST_MERGED:
            raise Unreadable("table_not_a_workbook")
        for row in range(top + 1, last + 1):
            if cells[row][left] == "" and any(cell != "" for cell in cells[row]):
                cells[row][left] = value


def decoded(data: bytes) -> str:
    """The text of a CSV as Chinese or other spreadsheets write it.

    >>> decoded("企业".encode("gb18030")), decoded(b"\\xef\\xbb\\xbfa"), decoded("a".encode("utf-16"))
    ('企业', 'a', 'a')
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    elif data.startswith(codecs.BOM_UTF8):
        encodings = ("utf-8-sig",)
    else:
        encodings = ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("sheet_not_text")


def delimiter(text: str) -> str:
    """What stands between the cells: the sign of `, ; tab` that the first lines have most of.

    >>> delimiter("a;b;c\\n1,5;2;3"), delimiter("a,b"), delimiter("a\\tb")
    (';', ',', '\\t')
    """
    start = text[:4000]
    return max(",\t;", key=start.count)


def _csv(data: bytes) -> Raw:
    problems: list[Problem] = []

    def say(line: int, column: str, code: str, **params: object) -> None:
        problems.append(Problem("", line, column, code, params))

    text = decoded(data)
    stream = io.BytesIO(text.encode())
    rows = csvfile.records(stream, say, list, delimiter(text))
    found = tuple((number, tuple(cells)) for number, cells in rows if any(cell.strip() for cell in cells))
    return Raw("", False, found, {}, tuple(problems))
