"""Who is heard next as an Excel file."""

from __future__ import annotations

import io
from collections.abc import Sequence

from app.hall import clock
from app.hall.files.spreadsheet import add_row
from app.voice.visits.plans import Row

HEADS = (
    "enterprise",
    "name",
    "layer",
    "silence_days",
    "last_heard_on",
    "method",
    "due_on",
    "suggested_on",
    "reason",
    "planned_on",
)


def next_workbook(rows: Sequence[Row]) -> bytes:
    """One row a firm, as the page shows it."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("next")
    add_row(sheet, ["on", clock.today()])
    add_row(sheet, HEADS)
    for row in rows:
        due = row.due
        add_row(
            sheet,
            [
                row.firm.code,
                row.firm.name,
                row.layer,
                row.silence_days,
                row.last_heard_on,
                due.method if due else "",
                due.due_on if due else None,
                due.suggested_on if due else None,
                due.reason if due else "",
                row.next_visit.planned_on if row.next_visit else None,
            ],
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
