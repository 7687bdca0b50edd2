"""How a row gets into a sheet that people open: no character no program takes, and no text that runs as a formula."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.hall.files.cells import FORMULA_SIGNS
from app.hall.text.normalise import writable

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | bool | dt.date | None


def safe(value: Value) -> Value:
    """A value as it may stand in a cell; numbers, days and nothing stay as they are.

    >>> safe("=1\\x0b+1"), safe(-5)
    ('=1+1', -5)
    """
    return writable(str(value)) if isinstance(value, str) or not _known(value) else value


def _known(value: object) -> bool:
    return value is None or isinstance(value, (int, float, dt.date))


def add_row(sheet: Worksheet, values: Iterable[Value]) -> None:
    """Append a row to a sheet.

    What begins like a formula is marked as text, as a spreadsheet itself does when one types a quote in front: nothing
    runs, and whoever reads the sheet again, this program too, gets the name as it was.
    """
    sheet.append([_cell(sheet, safe(value)) for value in values])


def _cell(sheet: Worksheet, value: Value) -> object:
    if not isinstance(value, str) or not value.startswith(FORMULA_SIGNS):
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)  # a sheet that is written row by row takes it as well
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
