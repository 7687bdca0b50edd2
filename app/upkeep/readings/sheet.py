"""A sheet of readings: `machine, meter, at, value` as CSV or workbook, each row by itself."""

from __future__ import annotations

from pathlib import Path

from app.hall.files.cells import Problem, read_text
from app.hall.files.sheet import Column, read_sheet
from app.upkeep.readings.batch import Line

LONGEST = 60


def _text(text: str) -> str:
    return read_text(text.strip(), LONGEST)


COLUMNS = tuple(Column(name, _text) for name in ("machine", "meter", "at", "value"))


def read_readings(path: Path) -> tuple[list[Line], list[Problem]]:
    """The rows as lines with their numbers in the file, and cells that cannot be read."""
    sheet = read_sheet(path, "readings", COLUMNS)
    lines = [
        Line(number, row["machine"], row["meter"], row["at"], row["value"]) for number, row in sheet.rows
    ]
    return lines, list(sheet.problems)
