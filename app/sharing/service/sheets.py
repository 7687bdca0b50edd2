"""Instruments as an Excel sheet: out for looking over, in for listing many at once; every problem with its cell."""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.db import transaction
from app.errors import Invalid, NotAllowed, Reason, Refusal
from app.identity import service as identity
from app.identity.service import Actor
from app.sharing.calendar import clock_text, opening_hours
from app.sharing.models import Resource
from app.sharing.service import access, showing
from app.sharing.service.reports import Use
from app.sharing.service.resources import list_resource

COLUMNS = (
    "name", "model", "category", "building", "place", "price_yuan_per_hour", "billing", "approval", "opening",
    "step_minutes", "min_minutes", "max_minutes", "buffer_minutes", "late_cancel_hours", "late_cancel_percent",
    "units", "description",
)  # fmt: skip
WHOLE = (
    "step_minutes",
    "min_minutes",
    "max_minutes",
    "buffer_minutes",
    "late_cancel_hours",
    "late_cancel_percent",
)
MOST_ROWS = 2000
LONGEST_CELL = 4000


MOST_CARRIED = 8 * 1024 * 1024


@dataclass(frozen=True)
class SheetRow:
    """A row as it was written, what was understood, and everything that is wrong with it."""

    number: int
    values: dict[str, str]
    fields: dict[str, Any]
    problems: list[Reason]


def resources_xlsx(resources: Sequence[Resource]) -> bytes:
    """One row per instrument; `opening` is written as `1 09:00-17:00; 2 …`."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "resources"
    sheet.append([*COLUMNS, "owner", "status"])
    owners = identity.organisations_by_id(r.owner_id for r in resources)
    for row in resources:
        opening = "; ".join(
            f"{o.weekday} {clock_text(o.opens_minute)}-{clock_text(o.closes_minute)}"
            for o in showing.opening_of(row.id)
        )
        values: list[Any] = [
            row.name, row.model, row.category, row.building, row.place, row.price_fen_per_hour / 100, row.billing,
            row.approval, opening, row.step_minutes, row.min_minutes, row.max_minutes, row.buffer_minutes,
            row.late_cancel_hours, round(row.late_cancel_ratio * 100),
            "; ".join(u.label for u in showing.units_of(row.id)), row.description, owners[row.owner_id].code,
            row.status,
        ]  # fmt: skip
        sheet.append(["'" + v if isinstance(v, str) and v[:1] in "=+-@" and v else v for v in values])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def utilisation_xlsx(
    resources: Sequence[Resource], uses: dict[int, Use], first: dt.date, last: dt.date
) -> bytes:
    """Hours bookable, own and shared, and what sharing adds in points and relative to own use."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "utilisation"
    sheet.append([f"{first} – {last}"])
    sheet.append([
        "id", "name", "owner", "bookable_hours", "own_hours", "shared_hours", "own_ratio", "ratio", "points",
        "relative", "income_yuan",
    ])  # fmt: skip
    owners = identity.organisations_by_id(r.owner_id for r in resources)
    rows: list[tuple[list[Any], Use]] = [
        (
            [row.id, "'" + row.name if row.name[:1] in "=+-@" else row.name, owners[row.owner_id].code],
            uses[row.id],
        )
        for row in resources
    ]
    rows.append((["", _("合计"), ""], sum(uses.values(), Use())))
    for named, use in rows:
        hours = [round(minutes / 60, 4) for minutes in (use.bookable, use.own, use.shared)]
        sheet.append(
            [*named, *hours, use.own_ratio, use.ratio, use.points, use.relative, use.income_fen / 100]
        )
    for cells in sheet.iter_rows(min_row=3, min_col=7, max_col=10):
        for cell, form in zip(cells, ("0.0%", "0.0%", "0.0", "0.0%"), strict=True):
            cell.number_format = form
    sheet.freeze_panes = "C3"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_sheet(data: bytes) -> list[SheetRow]:
    """Rows of the first sheet, each with its problems."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        table = book.worksheets[0].iter_rows(values_only=True)
        header = [str(cell or "").strip() for cell in next(table, ())]
    except Exception as broken:
        raise Invalid("sheet_unreadable") from broken
    if "name" not in header:
        raise Invalid("sheet_column", column="name")
    written: list[tuple[int, dict[str, str]]] = []
    for number, cells in enumerate(table, start=2):
        if number > MOST_ROWS + 1:
            raise Invalid("sheet_rows", most=MOST_ROWS)
        pairs = zip(header, cells, strict=False)
        values = {h: str(c).strip() for h, c in pairs if h in COLUMNS and c not in (None, "")}
        if values:
            written.append((number, values))
    return _judged(written)


def _judged(written: Sequence[tuple[int, dict[str, str]]]) -> list[SheetRow]:
    if not written:
        raise Invalid("sheet_empty")
    rows = []
    for number, values in written:
        problems: list[Reason] = []
        rows.append(SheetRow(number, values, _fields(number, values, problems), problems))
    return rows


def carried(rows: Sequence[SheetRow]) -> str:
    """The rows as one text, for the form that says yes to a preview."""
    text = json.dumps([[row.number, row.values] for row in rows], ensure_ascii=False)
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def uncarried(text: str) -> list[SheetRow]:
    """Rows of a preview, judged again from scratch: the text has been in somebody's browser."""
    try:
        unpacker = zlib.decompressobj()
        data = json.loads(unpacker.decompress(base64.b64decode(text, validate=True), MOST_CARRIED))
        written = [
            (int(number), {c: str(values[c]) for c in COLUMNS if values.get(c)}) for number, values in data
        ]
    except (ValueError, TypeError, AttributeError, zlib.error) as broken:
        raise Invalid("sheet_unreadable") from broken
    if len(written) > MOST_ROWS:
        raise Invalid("sheet_rows", most=MOST_ROWS)
    return _judged(written)


def _fields(number: int, values: dict[str, str], problems: list[Reason]) -> dict[str, Any]:
    def wrong(column: str, expected: str) -> None:
        problems.append(Reason("sheet_cell", {"row": number, "column": column, "expected": expected}))

    fields: dict[str, Any] = {}
    for column, text in values.items():
        if len(text) > LONGEST_CELL:
            wrong(column, _("不超过 %(most)s 字", most=LONGEST_CELL))
        elif column in WHOLE:
            if not text.removesuffix(".0").isdigit():
                wrong(column, _("非负整数"))
            elif column == "late_cancel_percent":
                fields["late_cancel_ratio"] = min(100, int(float(text))) / 100
            else:
                fields[column] = int(float(text))
        elif column == "price_yuan_per_hour":
            try:
                fields["price_fen_per_hour"] = round(float(text) * 100)
            except (ValueError, OverflowError):
                wrong(column, _("数字"))
        elif column == "opening":
            fields["opening"] = _opening(text, lambda: wrong("opening", "1 09:00-17:00; 2 09:00-17:00"))
        elif column == "units":
            fields["units"] = [u.strip() for u in text.split(";") if u.strip()]
        elif column == "billing" and text not in ("booked", "used", "greater", "union"):
            wrong(column, "booked / used / greater / union")
        elif column == "approval" and text not in ("automatic", "owner"):
            wrong(column, "automatic / owner")
        else:
            fields[column] = text
    if "name" not in fields:
        wrong("name", _("不能为空"))
    return fields


def _opening(text: str, wrong: Any) -> list[Any]:
    found = []
    for part in text.replace("–", "-").split(";"):
        if not part.strip():
            continue
        day, _sep, hours = part.strip().partition(" ")
        opens, _sep, closes = hours.partition("-")
        try:
            found.append(opening_hours(int(day), opens.strip(), closes.strip()))
        except (ValueError, Refusal):
            wrong()
            return []
    return found


class _OnlyLooking(Exception):
    """Takes back what a preview has tried."""


def preview(actor: Actor, rows: Sequence[SheetRow]) -> list[SheetRow]:
    """Try to list every row and take it all back: each row comes with what would be refused."""
    if not access.can_list(actor):
        raise NotAllowed("sharing_owner_only")
    try:
        with transaction():
            for row in rows:
                if not row.problems:
                    _try(actor, row)
            raise _OnlyLooking
    except _OnlyLooking:
        return list(rows)


def _try(actor: Actor, row: SheetRow) -> None:
    fields = dict(row.fields)
    name, opening, units = fields.pop("name"), fields.pop("opening", None), fields.pop("units", ("1",))
    try:
        list_resource(actor, "equipment", name, opening=opening, units=units, **fields)
    except Refusal as refusal:
        row.problems.append(Reason("sheet_row", {"row": row.number}))
        row.problems.append(Reason(refusal.code, refusal.params))


def import_rows(actor: Actor, rows: Sequence[SheetRow]) -> int:
    """List all instruments of a sheet for the actor's organisation, or none of them."""
    if not access.can_list(actor):
        raise NotAllowed("sharing_owner_only")
    with transaction():
        for row in rows:
            if not row.problems:
                _try(actor, row)
        wrong = [row for row in rows if row.problems]
        if wrong:
            problems = [reason for row in wrong for reason in row.problems]
            raise Invalid("sheet_problems", problems[:100], count=len(problems))
    return len(rows)
