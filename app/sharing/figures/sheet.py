"""Utilisation as an Excel sheet."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from app.hall.files.spreadsheet import add_row
from app.identity import door as identity
from app.sharing.catalogue.models import Resource
from app.sharing.figures.service import Use


def utilisation_xlsx(
    resources: Sequence[Resource], uses: dict[int, Use], first: dt.date, last: dt.date
) -> bytes:
    """Hours bookable, own and shared, and what sharing adds in points and relative to own use."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "utilisation"
    add_row(sheet, [f"{first} – {last}"])
    add_row(
        sheet,
        [
            "id",
            "name",
            "owner",
            "bookable_hours",
            "own_hours",
            "shared_hours",
            "own_ratio",
            "ratio",
            "points",
            "relative",
            "income_yuan",
        ],
    )
    owners = identity.organisations_by_id(r.owner_id for r in resources)
    rows: list[tuple[list[Any], Use]] = [
        (
            [row.id, row.name, owners[row.owner_id].code],
            uses[row.id],
        )
        for row in resources
    ]
    rows.append((["", _("合计"), ""], sum(uses.values(), Use())))
    for named, use in rows:
        hours = [round(minutes / 60, 4) for minutes in (use.bookable, use.own, use.shared)]
        add_row(
            sheet, [*named, *hours, use.own_ratio, use.ratio, use.points, use.relative, use.income_fen / 100]
        )
    for cells in sheet.iter_rows(min_row=3, min_col=7, max_col=10):
        for cell, form in zip(cells, ("0.0%", "0.0%", "0.0", "0.0%"), strict=True):
            cell.number_format = form
    sheet.freeze_panes = "C3"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
