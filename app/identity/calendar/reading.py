"""`calendar.csv` as a park uploads it and the file commands take it: day, kind, name."""

from __future__ import annotations

from pathlib import Path

from app.hall.files.cells import BadCell, Problem, read_text, shown
from app.hall.files.sheet import Column, read_sheet
from app.hall.files.values import read_day
from app.identity.calendar.rules import KINDS, DayRow


def read_calendar(path: Path) -> tuple[tuple[DayRow, ...], tuple[Problem, ...]]:
    """Rows of the file and everything wrong with it; a day may stand in it once."""
    columns = (
        Column("day", read_day),
        Column("kind", _kind),
        Column("name", lambda text: read_text(text.strip(), 200), optional=True),
    )
    sheet = read_sheet(path, "calendar", columns, ("day",))
    rows = tuple(DayRow(row["day"], row["kind"], row.get("name", "")) for _line, row in sheet.rows)
    return rows, sheet.problems


def _kind(text: str) -> str:
    if text.strip() not in KINDS:
        raise BadCell("table_not_one_of", value=shown(text), allowed=", ".join(KINDS))
    return text.strip()
