"""A chain folder with its candidates to a question, every decimal as it is written."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from app.chain.exchange.cells import read_cell
from app.chain.exchange.reading import Source, read_table, unknown_segments
from app.chain.exchange.tables import AMOUNT, CODE, COEFFICIENT, NAME, SEGMENTS, YES_NO, Column, Table
from app.chain.recruit.rules import Candidate, Question
from app.hall.files.cells import BadCell, Problem, shown
from app.hall.files.sheet import Problems

# Numbers are read as text first: a binary fraction would lose what stands in the seventeenth digit. Positions
# have no key, because a firm may have several rows on one segment.
INPUTS = Table(
    "inputs",
    (Column("input", CODE, segment=True), Column("output", CODE, segment=True), Column("coefficient", NAME)),
    ("input", "output"),
)
POSITIONS = Table(
    "positions",
    (
        Column("enterprise", CODE),
        Column("name", NAME, blank=True, optional=True),
        Column("segment", CODE, segment=True),
        Column("output_wan", NAME),
        Column("in_park", YES_NO, blank=True, optional=True),
    ),
    (),
)
CANDIDATES = Table(
    "candidates",
    (
        Column("enterprise", CODE),
        Column("cost", NAME, blank=True, optional=True),
        Column("group", CODE, blank=True, optional=True),
        Column("must", CODE, blank=True, optional=True),
    ),
    ("enterprise",),
)
LENIENT = frozenset({"segments.name_zh", "segments.name_en"})
Rows = list[tuple[int, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was read: the question without its limits, names of firms, and everything wrong."""

    question: Question
    names: dict[str, str]
    problems: tuple[Problem, ...]


def read_question(place: Path) -> Asked:
    """`segments`, `inputs`, `positions` and, where it is there, `candidates` of a folder or workbook."""
    source = Source(place, "" if place.is_dir() else place.name)
    problems = list(source.problems)
    tables: dict[str, Rows] = {}
    if source.usable:
        for table in (SEGMENTS, INPUTS, POSITIONS, CANDIDATES):
            if table in source:
                tables[table.name], wrong = read_table(source, table, LENIENT)
                problems += wrong
            elif table is not CANDIDATES:
                columns = ", ".join(column.name for column in table.columns if not column.optional)
                problems.append(
                    Problem(
                        source.name(table), 1, table.header[0], "chain_no_such_file", {"columns": columns}
                    )
                )
    source.close()
    sound = {"segments", "inputs", "positions"} <= tables.keys() and not problems
    known = {row["segment"] for _line, row in tables.get("segments", ())}
    if "segments" in tables and not any(p.file == source.name(SEGMENTS) for p in problems):
        named = {name: rows for name, rows in tables.items() if name in ("inputs", "positions")}
        problems += unknown_segments(named, known, place, source.label)
    exact, wrong = _exact(tables, source)
    problems += wrong
    question, names = _question(tables, exact)
    if "positions" in tables and (sound or not any(p.file == source.name(POSITIONS) for p in problems)):
        problems += _strangers(tables, question, source)
    question, wrong = _with_wishes(question, tables, exact, source)
    return Asked(question, names, tuple(problems + wrong))


def _exact(tables: dict[str, Rows], source: Source) -> tuple[dict[tuple[str, int], Fraction], list[Problem]]:
    """The number of a row by table and line, exactly as written."""
    found: dict[tuple[str, int], Fraction] = {}
    problems: list[Problem] = []
    wanted = (
        (INPUTS, "coefficient", COEFFICIENT),
        (POSITIONS, "output_wan", AMOUNT),
        (CANDIDATES, "cost", AMOUNT),
    )
    for table, column, holds in wanted:
        said = Problems(source.name(table))
        for line, row in tables.get(table.name, ()):
            text = row.get(column) or ("0" if table is CANDIDATES else "")
            try:
                read_cell(holds, text, False)
                found[table.name, line] = Fraction(text)
            except BadCell as wrong:
                said.say(line, column, wrong.code, **wrong.params)
        problems += said.found
    return found, problems


def _question(
    tables: dict[str, Rows], exact: dict[tuple[str, int], Fraction]
) -> tuple[Question, dict[str, str]]:
    rows = [(line, row) for line, row in tables.get("positions", ()) if ("positions", line) in exact]
    in_park = {row["enterprise"] for _line, row in rows if row.get("in_park", True)}
    supply: dict[str, Fraction] = {}
    outside: dict[str, list[tuple[str, Fraction]]] = {}
    names: dict[str, str] = {}
    for line, row in rows:
        firm, segment, output = row["enterprise"], row["segment"], exact["positions", line]
        if row.get("name") and row["name"] < names.get(firm, "\U0010ffff"):
            names[firm] = row["name"]
        if row.get("in_park", True):
            supply[segment] = supply.get(segment, Fraction(0)) + output
        elif firm not in in_park:
            outside.setdefault(firm, []).append((segment, output))
    inputs = tuple(
        (row["input"], row["output"], exact["inputs", line])
        for line, row in tables.get("inputs", ())
        if ("inputs", line) in exact
    )
    candidates = tuple(Candidate(code, tuple(outputs)) for code, outputs in sorted(outside.items()))
    return Question(supply, inputs, candidates), names


def _strangers(tables: dict[str, Rows], question: Question, source: Source) -> list[Problem]:
    """Rows of `candidates` that name nobody who could come, or a park where nobody could."""
    if not question.candidates:
        return [Problem(source.name(POSITIONS), 1, "in_park", "recruit_no_candidates", {})]
    known = {one.code for one in question.candidates}
    said = Problems(source.name(CANDIDATES))
    for line, row in tables.get("candidates", ()):
        if row["enterprise"] not in known:
            said.say(line, "enterprise", "recruit_not_candidate", value=shown(row["enterprise"]))
    return said.found


def _with_wishes(
    question: Question, tables: dict[str, Rows], exact: dict[tuple[str, int], Fraction], source: Source
) -> tuple[Question, list[Problem]]:
    said = Problems(source.name(CANDIDATES))
    wishes: dict[str, tuple[Fraction, str, bool]] = {}
    for line, row in tables.get("candidates", ()):
        must = False
        try:
            must = bool(row.get("must")) and read_cell(YES_NO, row["must"], False)
        except BadCell as wrong:
            said.say(line, "must", wrong.code, **wrong.params)
        wishes[row["enterprise"]] = (exact.get(("candidates", line), Fraction(0)), row.get("group", ""), must)
    candidates = tuple(
        Candidate(one.code, one.outputs, *wishes.get(one.code, ())) for one in question.candidates
    )
    return Question(question.supply, question.inputs, candidates), said.found
