"""Who is heard next as an Excel file."""

from __future__ import annotations

import io
from collections.abc import Sequence

from app.hall import clock
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
    sheet.append(["on", clock.today().isoformat()])
    sheet.append(list(HEADS))
    for row in rows:
        due = row.due
        sheet.append(
            [
                row.firm.code,
                row.firm.name,
                row.layer,
                row.silence_days,
                row.last_heard_on.isoformat() if row.last_heard_on else "",
                due.method if due else "",
                due.due_on.isoformat() if due else "",
                due.suggested_on.isoformat() if due else "",
                due.reason if due else "",
                row.next_visit.planned_on.isoformat() if row.next_visit else "",
            ]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
