"""A table of facts to what is known of every firm; a value that the rules cannot read is a problem, never a guess."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from app.hall.files.cells import BadCell, Problem, read_text, shown
from app.hall.files.sheet import Column, read_code, read_sheet
from app.policy.rules.months import read_month
from app.policy.rules.situation import FirmFacts, Given
from app.policy.rules.values import LONGEST_TEXT, as_kind, is_not_a_number

RATIO = "rd_ratio"


@dataclass(frozen=True, slots=True)
class FactRow:
    """One value of one firm; no value is a value that is not known yet."""

    line: int
    enterprise: str
    fact: str
    period: int | None
    value: str
    source: str


def read_period(text: str) -> int | None:
    """The month of a cell; blank for a fact without periods.

    >>> read_period("2026-09"), read_period(" ")
    (24320, None)
    >>> read_period("2026-13")
    Traceback (most recent call last):
    ...
    app.hall.files.cells.BadCell: policy_not_a_month
    """
    text = text.strip()
    if not text:
        return None
    month = read_month(text)
    if month is None:
        raise BadCell("policy_not_a_month", value=shown(text))
    return month


def _read_value(text: str) -> str:
    text = read_text(text.strip(), LONGEST_TEXT)
    if is_not_a_number(text):
        raise BadCell("policy_not_a_number", value=shown(text))
    return text


def _read_source(text: str) -> str:
    return read_text(text.strip(), LONGEST_TEXT)


COLUMNS = (
    Column("enterprise"),
    Column("fact", read_code),
    Column("period", read_period),
    Column("value", _read_value),
    Column("source", _read_source, optional=True),
)


def read_facts(path: Path, kinds: Iterable[tuple[str, str]]) -> tuple[list[FactRow], list[Problem]]:
    """The rows of a facts table, and everything wrong with it.

    Parameters
    ----------
    path : Path
        `enterprise, fact, period, value, source` as CSV or workbook.
    kinds : iterable of (fact, kind)
        How the policies read each fact; facts that none reads are only looked at for their shape.
    """
    sheet = read_sheet(path, "facts", COLUMNS, ("enterprise", "fact", "period"))
    rows = [
        FactRow(line, r["enterprise"], r["fact"], r["period"], r["value"], r.get("source", ""))
        for line, r in sheet.rows
    ]
    problems = [*sheet.problems, *wrong_kinds(rows, kinds, sheet.file)]
    return rows, sorted(problems, key=lambda problem: problem.line)


def wrong_kinds(rows: Iterable[FactRow], kinds: Iterable[tuple[str, str]], file: str = "") -> list[Problem]:
    """Values that are not of the kind that a policy reads, and R&D ratios below zero."""
    wanted: dict[str, list[str]] = {}
    for fact, kind in kinds:
        wanted.setdefault(fact, []).append(kind)
    found = []
    for row in rows:
        if not row.value:
            continue
        for kind in wanted.get(row.fact, ()):
            if as_kind(row.value, kind) is None:
                params = {"name": row.fact, "kind": kind, "value": shown(row.value)}
                found.append(Problem(file, row.line, "value", "policy_fact_kind", params))
        if row.fact == RATIO and _is_negative(row.value):
            found.append(Problem(file, row.line, "value", "policy_negative_ratio", {"name": row.fact}))
    return found


def _is_negative(text: str) -> bool:
    number = as_kind(text, "number")
    return isinstance(number, (int, Fraction)) and number < 0


def ratio(part_fen: int | None, whole_fen: int | None) -> Fraction | None:
    """A share of two amounts in fen; unknown where one is unknown or the whole is zero.

    >>> ratio(152, 1000), ratio(1, 0), ratio(None, 5)
    (Fraction(19, 125), None, None)
    """
    if part_fen is None or not whole_fen:
        return None
    return Fraction(part_fen, whole_fen)


def by_firm(rows: Sequence[FactRow]) -> list[FirmFacts]:
    """The facts of every firm that has a row, by code; a row without a value leaves the firm's fact unknown.

    >>> [firm.enterprise for firm in by_firm([FactRow(2, "B", "a", None, "1", ""), FactRow(3, "A", "a", None, "", "")])]
    ['A', 'B']
    """
    plain: dict[str, dict[str, Given]] = {}
    monthly: dict[str, dict[str, dict[int, Given]]] = {}
    for row in rows:
        mine, months = plain.setdefault(row.enterprise, {}), monthly.setdefault(row.enterprise, {})
        if row.period is not None:
            by_month = months.setdefault(row.fact, {})
            if row.value:
                by_month[row.period] = Given(row.value, row.source)
        elif row.value:
            mine[row.fact] = Given(row.value, row.source)
    return [FirmFacts(code, plain[code], monthly[code]) for code in sorted(plain)]
