"""The rows of the report as an Excel file: the columns that `flask problems report` reads again."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from app.hall import clock
from app.hall.files.spreadsheet import add_row
from app.problems.reports.models import Problem

HEADS = (
    "problem",
    "class",
    "registered_at",
    "responded_at",
    "planned_at",
    "resolved_at",
    "confirmed_by",
    "reopened",
    "category",
    "state",
)


def workbook(rows: Sequence[Problem]) -> bytes:
    """One row a problem; of a `park_only` one the moments are days, and nobody is named in any."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("problems")
    add_row(sheet, HEADS)
    for row in rows:
        hidden = row.visibility == "park_only"
        moments = (row.registered_at, row.responded_at, row.planned_at, row.resolved_at)
        cells: list[Any] = [row.number, row.problem_class, *(_park_time(one, hidden) for one in moments)]
        add_row(sheet, [*cells, row.confirmed_by, row.reopened, row.category, row.state])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _park_time(moment: dt.datetime | None, hidden: bool) -> dt.date | None:
    """The wall clock of the park, which is what a workbook can hold."""
    if moment is None:
        return None
    local = clock.local(moment)
    return local.date() if hidden else local.replace(tzinfo=None, microsecond=0)
