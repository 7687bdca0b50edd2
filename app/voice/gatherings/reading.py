"""The table of firms a tea talk is chosen from."""

from __future__ import annotations

from pathlib import Path

from app.hall.files.cells import Problem
from app.hall.files.sheet import Column, read_sheet
from app.hall.files.values import read_optional_day, read_yes_no
from app.voice.gatherings.rules import Firm

COLUMNS = (
    Column("enterprise"),
    Column("industry"),
    Column("registered_on", read_optional_day),
    Column("last_feedback_on", read_optional_day),
    Column("last_invited_on", read_optional_day),
    Column("status", str.strip),
    Column("opted_out", read_yes_no),
)


def read_firms(path: Path) -> tuple[list[Firm], list[Problem]]:
    """The firms of a CSV file or workbook; a firm never heard needs the day of its registration."""
    sheet = read_sheet(path, "tea-talk", COLUMNS, ("enterprise",))
    problems = list(sheet.problems)
    firms: list[Firm] = []
    for line, row in sheet.rows:
        since = row["registered_on"] or row["last_feedback_on"]
        if since is None:
            problems.append(Problem(sheet.file, line, "registered_on", "voice_never_registered"))
        else:
            row["registered_on"] = since
            firms.append(Firm(**row))
    return firms, sorted(problems, key=lambda problem: problem.line)
