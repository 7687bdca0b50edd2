"""Workbooks without trust: unpacked sizes are checked first, formulas and merged cells are named, not guessed."""

from __future__ import annotations

import datetime
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from app.hall.clock import ZONE
from app.hall.files.archives import REGISTER, Bounds, Unreadable, check_workbook
from app.hall.files.csvfile import LONGEST_CELL, MOST_ROWS, Say

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):')


class Workbook:
    """One `.xlsx` opened for reading row by row."""

    def __init__(self, source: Path | BinaryIO, bounds: Bounds = REGISTER) -> None:
        import openpyxl

        check_workbook(source, bounds)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._book = openpyxl.load_workbook(source, read_only=True, data_only=False, keep_links=False)
        except (
            Exception
        ):  # openpyxl lets KeyError, ValueError, XML errors and more through: all mean the same
            raise Unreadable("table_not_a_workbook") from None
        self._sheets: dict[str, Any] = {}
        for sheet in self._book.worksheets:
            name = sheet.title.strip().lower().removesuffix(".csv")
            self._sheets.setdefault(name, sheet)

    def __contains__(self, name: str) -> bool:
        return name in self._sheets

    @property
    def first(self) -> str:
        """The name of the first sheet; a workbook without any cannot be read."""
        if not self._sheets:
            raise Unreadable("table_not_a_workbook")
        return next(iter(self._sheets))

    def close(self) -> None:
        self._book.close()

    def merged(self, name: str) -> list[tuple[int, int]]:
        """(row, column) of the first cell of every merged range."""
        from openpyxl.utils import column_index_from_string

        found: list[tuple[int, int]] = []
        tail = b""
        archive = self._book._archive  # noqa: SLF001 - openpyxl keeps merged cells of a read-only sheet to itself
        with archive.open(self._sheets[name]._worksheet_path) as part:  # noqa: SLF001 - as above
            while chunk := part.read(1 << 20):
                window = tail + chunk
                found.extend(
                    (int(row), column_index_from_string(letters.decode()))
                    for letters, row in _MERGED.findall(window)
                )
                tail = window[-80:] if not _MERGED.search(window[-80:]) else b""
        return sorted(set(found))

    def records(
        self, name: str, say: Say, header: Any, days: bool = False
    ) -> Iterator[tuple[int, list[str]]]:
        """(row number, cells as text) of every row that holds anything; dates only where `days` are wanted."""

        def column(place: int) -> str:
            names = header()
            return names[place - 1] if 0 < place <= len(names) and names[place - 1] else f"#{place}"

        sheet = self._sheets[name]
        sheet.reset_dimensions()  # the size a file claims is not its size
        try:
            for count, row in enumerate(sheet.iter_rows(), start=1):
                if count > MOST_ROWS:
                    say(count, "#1", "table_too_many_rows", most=MOST_ROWS)
                    return
                cells = []
                number = count
                for place, cell in enumerate(row, start=1):
                    number = getattr(cell, "row", None) or number
                    try:
                        cells.append(_text(cell, days))
                    except Unreadable as wrong:
                        wanted = header()
                        if not wanted or (place <= len(wanted) and wanted[place - 1]):
                            say(number, column(place), wrong.code, **wrong.params)
                        cells.append("\x00")
                if any(cells):
                    yield number, cells
        except Exception:  # damaged XML further down in the sheet
            say(1, "#1", "table_not_a_workbook")


def _text(cell: Any, days: bool) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise Unreadable("table_formula")
    if cell.data_type == "e":
        raise Unreadable("table_cell_error", value=str(value)[:20])
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return repr(value)
    if days and isinstance(value, datetime.date):
        return _day_text(value)
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        raise Unreadable("table_cell_is_date", value=str(value)[:20])
    text = str(value)
    if len(text) > LONGEST_CELL:
        raise Unreadable("table_cell_too_large", longest=LONGEST_CELL)
    return text


def _day_text(value: datetime.date) -> str:
    """A day, or a moment: a workbook holds the wall clock of the park and no offset."""
    if not isinstance(value, datetime.datetime) or value.time() == datetime.time():
        return value.isoformat()[:10]
    return value.replace(tzinfo=ZONE).isoformat()
