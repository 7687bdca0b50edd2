"""What a list shows as a workbook: the filters of the page, its order, every row, numbers and days as such."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, request

from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Conflict
from app.hall.files.spreadsheet import Value, add_row
from app.hall.web.answers import download
from app.hall.web.listing import Listing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 20_000


def wanted() -> bool:
    """Whether this request asks for the list as a file."""
    return request.args.get("export") == "xlsx"


def all_rows(listing: Listing, statement: Any, *tie: Any) -> list[Any]:
    """Every row that the filters leave, in the order of the page."""
    ordered = statement.order_by(*listing.order(), *tie).limit(MOST_ROWS + 1)
    rows = list(db.session.scalars(ordered))
    if len(rows) > MOST_ROWS:
        raise Conflict("list_too_long", most=MOST_ROWS)
    return rows


def workbook(title: str, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """One sheet: bold heads that stay in sight, columns as wide as what stands in them."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "".join(c for c in title if c not in "[]:*?/\\")[:31] or "list"
    add_row(sheet, heads)
    for cell in sheet[1]:
        cell.font = openpyxl.styles.Font(bold=True)
    sheet.freeze_panes = "A2"
    widths = [len(head) * 2 for head in heads]
    for row in rows:
        add_row(sheet, row)
        widths = [max(width, min(60, _width(value))) for width, value in zip(widths, row, strict=True)]
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(place)].width = width + 2
    sheet.auto_filter.ref = sheet.dimensions
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _width(value: Value) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in str(value if value is not None else ""))


def answer(title: str, name: str, heads: Sequence[object], rows: Iterable[Sequence[Value]]) -> Response:
    """The file as a download."""
    data = workbook(title, [str(head) for head in heads], rows)
    return download(data, f"{name}-{clock.today():%Y%m%d}.xlsx", XLSX)
