"""The files of the insight commands to plain facts, with the place of everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from app.hall import months
from app.hall.files.archives import Unreadable
from app.hall.files.cells import BadCell, Problem, read_text, shown
from app.hall.files.sheet import Column, Problems, Sheet, read_code, read_sheet
from app.hall.files.values import read_whole
from app.hall.files.workbook import Workbook
from app.insight.alerts.rules import Mention
from app.insight.scores.rules import Dimension, Response, layers_in_doubt

_SCORE = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?")


month_text = months.month_name


@dataclass(frozen=True, slots=True)
class Folder:
    """What an insight folder holds, and everything wrong with it."""

    dimensions: tuple[Dimension, ...]
    responses: tuple[Response, ...]
    mentions: tuple[Mention, ...]
    problems: tuple[Problem, ...]


def read_month(text: str) -> int:
    """A month `YYYY-MM` as 12 · year + month − 1.

    >>> read_month("2026-08") - read_month("2025-12")
    8
    """
    text = text.strip()
    if not text:
        raise BadCell("table_empty")
    month = months.read_month(text)
    if month is None:
        raise BadCell("insight_not_a_month", value=shown(text))
    return month


def read_score(text: str) -> Fraction:
    """A number from 0 to 100, exactly as written.

    >>> read_score("80.04")
    Fraction(2001, 25)
    """
    text = text.strip()
    if not text:
        raise BadCell("table_empty")
    if not _SCORE.fullmatch(text) or not 0 <= Fraction(text) <= 100:
        raise BadCell("insight_not_a_score", value=shown(text))
    return Fraction(text)


def _optional(text: str) -> str:

    return read_text(text.strip(), 64)


DIMENSIONS = (
    Column("dimension"),
    Column("weight_permille", lambda text: read_whole(text, 0, 1000)),
    Column("target", read_score),
    Column("red_below", read_score),
)


def _known(codes: set[str] | None) -> Callable[[str], str]:
    """Reads a dimension that the park has; any while `codes` cannot be trusted."""

    def read(text: str) -> str:
        code = read_code(text)
        if codes is not None and code not in codes:
            raise BadCell("insight_unknown_dimension", value=shown(code))
        return code

    return read


def _responses(codes: set[str] | None) -> tuple[Column, ...]:

    return (
        Column("month", read_month),
        Column("enterprise"),
        Column("layer"),
        Column("dimension", _known(codes)),
        Column("score", read_score),
        Column("version", _optional, optional=True),
    )


def _mentions(codes: set[str] | None) -> tuple[Column, ...]:

    return (
        Column("month", read_month),
        Column("enterprise"),
        Column("dimension", _known(codes)),
        Column("theme"),
    )


def _place(folder: Path, name: str) -> Path:
    """The table's file; a workbook is the whole folder."""
    return folder if folder.is_file() else folder / f"{name}.csv"


def _has_mentions(folder: Path) -> bool:

    if not folder.is_file():
        return (folder / "mentions.csv").exists()
    try:
        book = Workbook(folder)
    except (Unreadable, OSError):
        return False  # said already where its other tables were read
    try:
        return "mentions" in book
    finally:
        book.close()


def read_folder(folder: Path) -> Folder:
    """`dimensions.csv`, `responses.csv` and, where it is there, `mentions.csv`; or one workbook with these sheets."""
    dimensions = read_sheet(_place(folder, "dimensions"), "dimensions", DIMENSIONS, ("dimension",))
    problems = [*dimensions.problems, *_weights(dimensions)]
    known = None if dimensions.problems else {row["dimension"] for _line, row in dimensions.rows}
    responses = read_sheet(_place(folder, "responses"), "responses", _responses(known))
    rows = tuple(
        Response(r["month"], r["enterprise"], r["layer"], r["dimension"], r["score"], r.get("version", ""))
        for _line, r in responses.rows
    )
    said = Problems(responses.file)
    for place in layers_in_doubt(rows):
        line, row = responses.rows[place]
        said.say(line, "layer", "insight_two_layers", value=shown(row["enterprise"]))
    problems += sorted([*responses.problems, *said.found], key=lambda problem: problem.line)
    found: tuple[Mention, ...] = ()
    if _has_mentions(folder):
        mentions = read_sheet(_place(folder, "mentions"), "mentions", _mentions(known))
        problems += mentions.problems
        found = tuple(
            Mention(r["month"], r["enterprise"], r["dimension"], r["theme"]) for _line, r in mentions.rows
        )
    facts = tuple(
        Dimension(r["dimension"], r["weight_permille"], r["target"], r["red_below"])
        for _line, r in dimensions.rows
    )
    return Folder(facts, rows, found, tuple(problems))


def _weights(sheet: Sheet) -> list[Problem]:
    if sheet.problems:
        return []
    total = sum(row["weight_permille"] for _line, row in sheet.rows)
    if total == 1000:
        return []
    line = sheet.rows[-1][0] if sheet.rows else 1
    return [Problem(sheet.file, line, "weight_permille", "insight_weights", {"total": total})]


def read_series(path: Path) -> tuple[list[tuple[int, Fraction]], list[Problem]]:
    """`month, value` in order of months, each once."""
    columns = (Column("month", read_month), Column("value", read_score))
    sheet = read_sheet(path, "series", columns, ("month",))
    said = Problems(sheet.file)
    rows = [(row["month"], row["value"]) for _line, row in sheet.rows]
    for (line, row), (before, _value) in zip(sheet.rows[1:], rows, strict=False):
        if row["month"] < before:
            said.say(line, "month", "insight_out_of_order", value=month_text(row["month"]))
    return rows, sorted([*sheet.problems, *said.found], key=lambda problem: problem.line)
