"""One cell of an input–output table to its number; what is wrong is said with its place."""

from __future__ import annotations

import math

from app.chain.sector_tables import labels
from app.hall.files.cells import BadCell, Problem, shown
from app.hall.files.sheet import MOST_PROBLEMS
from app.hall.files.sheets.grammar import LARGEST, read_number
from app.hall.files.sheets.judge import as_text, is_blank
from app.hall.files.sheets.source import Raw


class Sayer:
    """The problems of one sheet, so many and no more."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def __call__(self, line: int, column: str, code: str, **params: object) -> None:
        if len(self.found) < MOST_PROBLEMS:
            self.found.append(Problem(self.file, line, column, code, params))


def number(raw: Raw, row: int, column: int, say: Sayer, heading: str) -> float | None:
    """Zero or more; None where the cell is blank or holds a dash, and where something was wrong with it."""
    line, cells = raw.rows[row]
    cell = cells[column] if column < len(cells) else None
    fault = raw.faults.get((line, column))
    if labels.is_none(cell):
        if fault and is_blank(cell):
            say(line, heading, fault)
        return None
    try:
        found = float(cell) if isinstance(cell, (int, float)) else float(read_number(as_text(cell)))
    except BadCell as wrong:
        say(line, heading, wrong.code, **wrong.params)
        return None
    code = _outside(math.nan if isinstance(cell, bool) else found)
    if code:
        say(line, heading, code, value=shown(as_text(cell)))
    return None if code else found


def _outside(found: float) -> str:
    """Why this is no output or flow; nothing where it is one."""
    if not math.isfinite(found):
        return "chain_not_a_number"
    if found > LARGEST:
        return "chain_too_large"
    return "chain_negative" if found < 0 else ""
