"""Needs and offers from a spreadsheet: every problem is named with its row and column, or nothing is wrong."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from app.ecosystem.service.posts import Draft, split_tags
from app.errors import Invalid, Reason

COLUMNS = (
    "kind", "title", "description", "product", "tags", "segment", "amount_yuan", "quantity", "unit", "deadline",
)  # fmt: skip
NEEDED = ("kind", "title")
KINDS = {"need": "need", "offer": "offer", "需求": "need", "供给": "offer"}
LIMITS = {"title": 80, "description": 4000, "product": 200, "tags": 200, "segment": 60, "unit": 20}
MOST_ROWS = 500
MOST_BYTES = 5 * 1024 * 1024


def read(name: str, content: bytes) -> list[tuple[str, Draft]]:
    """Return (kind, draft) of every row; refuse the whole sheet with all its problems."""
    if len(content) > MOST_BYTES:
        raise Invalid("sheet_too_large")
    rows = list(_xlsx(content) if name.lower().endswith(".xlsx") else _csv(content))
    if not rows:
        raise Invalid("sheet_empty")
    header = [str(cell or "").strip().lower() for cell in rows[0]]
    missing = [column for column in NEEDED if column not in header]
    if missing:
        raise Invalid("sheet_wrong", reasons=[Reason("sheet_column_missing", {"column": c}) for c in missing])
    if len(rows) - 1 > MOST_ROWS:
        raise Invalid("sheet_too_many_rows", most=MOST_ROWS)
    found, problems = [], []
    for number, cells in enumerate(rows[1:], start=2):
        values = {
            column: _text(cells[i]) for i, column in enumerate(header) if column in COLUMNS and i < len(cells)
        }
        if not any(values.values()):
            continue
        draft, wrong = _row(values)
        problems += [Reason(code, {"row": number, "column": column}) for code, column in wrong]
        if draft is not None:
            found.append(draft)
    if problems:
        raise Invalid("sheet_wrong", reasons=problems[:100])
    if not found:
        raise Invalid("sheet_empty")
    return found


def _row(values: dict[str, str]) -> tuple[tuple[str, Draft] | None, list[tuple[str, str]]]:
    """
    >>> _row({"kind": "需求", "title": "光谱仪测试", "amount_yuan": "12.5"})[0][1].amount_fen
    1250
    >>> _row({"kind": "x", "title": "abc", "deadline": "soon"})[1]
    [('sheet_kind', 'kind'), ('sheet_title', 'title'), ('sheet_date', 'deadline')]
    """
    wrong = []
    kind = KINDS.get(values.get("kind", "").lower())
    if kind is None:
        wrong.append(("sheet_kind", "kind"))
    if len(values.get("title", "")) < 4:
        wrong.append(("sheet_title", "title"))
    wrong += [("sheet_too_long", c) for c, most in LIMITS.items() if len(values.get(c, "")) > most]
    amount = _number(values.get("amount_yuan", ""), 2, Decimal(10) ** 10)
    if amount is False:
        wrong.append(("sheet_number", "amount_yuan"))
    quantity = _number(values.get("quantity", ""), 0, Decimal(10) ** 9)
    if quantity is False or quantity == 0:
        wrong.append(("sheet_number", "quantity"))
    deadline: dt.date | None = None
    if text := values.get("deadline", ""):
        try:
            deadline = dt.date.fromisoformat(text[:10])
        except ValueError:
            wrong.append(("sheet_date", "deadline"))
    if wrong or kind is None:
        return None, wrong
    return (
        kind,
        Draft(
            title=values["title"],
            description=values.get("description", ""),
            product=values.get("product", ""),
            tags=split_tags(values.get("tags", "")),
            segment=values.get("segment") or None,
            amount_fen=None if amount is None else int(Decimal(amount) * 100),
            quantity=None if quantity is None else int(quantity),
            unit=values.get("unit", ""),
            deadline=deadline,
        ),
    ), []


def _number(text: str, digits: int, most: Decimal) -> Decimal | bool | None:
    """Return the number, None for an empty cell, False for anything else."""
    if not text:
        return None
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return False
    fine = number.is_finite() and 0 <= number <= most and number == round(number, digits)
    return number if fine else False


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def _csv(content: bytes) -> Iterator[Sequence[Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("sheet_encoding") from None
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error:
        raise Invalid("sheet_unreadable") from None


def _xlsx(content: bytes) -> Iterator[Sequence[Any]]:
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(info.file_size for info in archive.infolist()) > 20 * MOST_BYTES:
                raise Invalid("sheet_too_large")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=40)):
            if number > MOST_ROWS + 1:
                break
            yield row
        book.close()
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError):
        raise Invalid("sheet_unreadable") from None


def template() -> bytes:
    """Return an empty sheet with the columns and one example of each kind."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(COLUMNS))
    sheet.append(
        ["需求", "寻找正极材料粒度检测", "每月十批", "磷酸铁锂", "检测 材料", "", 30000, 10, "批", ""]
    )
    sheet.append(["供给", "激光粒度仪对外检测", "三个工作日出报告", "", "检测", "", 28000, "", "", ""])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
