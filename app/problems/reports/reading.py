"""`problems.csv` to rows of the report."""

from __future__ import annotations

from pathlib import Path

from app.hall.files.cells import BadCell, Problem, shown
from app.hall.files.moments import read_moment, read_optional_moment
from app.hall.files.sheet import Column, Problems, read_sheet
from app.hall.files.values import read_whole
from app.problems.clocks.reading import read_class
from app.problems.reports.rules import CONFIRMED_BY, Solved

MOMENTS = ("responded_at", "planned_at", "resolved_at")


def _confirmed_by(text: str) -> str | None:
    text = text.strip()
    if text and text not in CONFIRMED_BY:
        raise BadCell("table_not_one_of", value=shown(text), allowed=", ".join(CONFIRMED_BY))
    return text or None


COLUMNS = (
    Column("problem"),
    Column("class", read_class),
    Column("registered_at", read_moment),
    *(Column(name, read_optional_moment, optional=True) for name in MOMENTS),
    Column("confirmed_by", _confirmed_by, optional=True),
    Column("reopened", lambda text: read_whole(text, 0, 10**6) if text.strip() else None, optional=True),
)


def read_solved(path: Path) -> tuple[list[Solved], frozenset[str], list[Problem]]:
    """Rows in the order of the file, the columns it has, and everything wrong."""
    sheet = read_sheet(path, "problems", COLUMNS, ("problem",))
    problems = Problems(sheet.file)
    found = []
    for line, row in sheet.rows:
        early = [name for name in MOMENTS if row.get(name) and row[name] < row["registered_at"]]
        for name in early:
            problems.say(line, name, "problems_before_registration", value=row[name].isoformat())
        if not early:
            found.append(
                Solved(
                    row["problem"],
                    row["class"],
                    row["registered_at"],
                    *(row.get(name) for name in (*MOMENTS, "confirmed_by", "reopened")),
                )
            )
    every = sorted([*sheet.problems, *problems.found], key=lambda problem: problem.line)
    return found, sheet.columns, every
