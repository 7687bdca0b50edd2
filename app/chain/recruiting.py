"""From gaps to deeds: fill, strengthen or extend, and which outside firm fits which gap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.chain.assessment import CONCENTRATED, EXTERNAL, MISSING, SINGLE_SOURCE, Assessment, Finding, assess
from app.chain.facts import Chain, Position, with_added
from app.errors import Reason

FILL, STRENGTHEN, EXTEND = "fill", "strengthen", "extend"


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do about one segment; `evidence` are the rows it rests on."""

    segment: str
    kind: str
    shortfall_wan: float
    evidence: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An outside firm and what it would add: (segment, yearly output in 10,000 yuan)."""

    code: str
    name: str
    adds: tuple[tuple[str, float], ...]
    takes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a candidate fits the park: 0 to 1, with what it relieves and what it newly asks for."""

    code: str
    score: float
    relieved_wan: float
    added_wan: float
    kept_wan: float
    reasons: tuple[Reason, ...]


def advice(chain: Chain, found: Assessment) -> list[Advice]:
    """What to do, worst shortfall first: fill where nobody stands or most is bought outside, strengthen where
    it is thin or fragile, extend where a segment is empty and unused but next to what the park is strong in.

    >>> from app.chain.facts import Input, Segment
    >>> chain = Chain((Segment("a"), Segment("b")), (Input("a", "b", 0.5),), (Position("E", "", "b", 8.0),))
    >>> [(row.segment, row.kind, row.shortfall_wan) for row in advice(chain, assess(chain))]
    [('a', 'fill', 4.0), ('b', 'strengthen', 0.0)]
    """
    made = {row.segment: row.supply_wan for row in found.findings}
    rows = []
    for row in found.findings:
        labels = set(row.labels)
        if MISSING in labels or (EXTERNAL in labels and row.shortfall_wan > 0):
            kind = FILL
        elif row.shortfall_wan > 0 or labels & {SINGLE_SOURCE, CONCENTRATED}:
            kind = STRENGTHEN
        elif not row.enterprises and _has_neighbour(chain, row.segment, made):
            kind = EXTEND
        else:
            continue
        rows.append(Advice(row.segment, kind, row.shortfall_wan, row.reasons))
    order = {FILL: 0, STRENGTHEN: 1, EXTEND: 2}
    return sorted(rows, key=lambda row: (-row.shortfall_wan, order[row.kind], row.segment))


def _has_neighbour(chain: Chain, segment: str, made: dict[str, float]) -> bool:
    return any(
        made.get(row.source if row.target == segment else row.target, 0.0) > 0
        for row in chain.inputs
        if segment in (row.source, row.target) and row.source != row.target
    )


def kept_in_park(found: Assessment) -> float:
    """Demand met inside the park: money that stays, Σ min(demand, supply)."""
    return sum(min(row.demand_wan, row.supply_wan) for row in found.findings)


def as_positions(candidate: Candidate) -> list[Position]:
    return [Position(candidate.code, candidate.name, segment, output) for segment, output in candidate.adds]


def fit(chain: Chain, before: Assessment, candidate: Candidate) -> Fit:
    """Compare the park with and without the candidate.

    score = 0.6 · share of the gaps it touches that it closes + 0.2 · share of its own inputs the park makes
    + 0.2 · share of its output the park would use. All three are between 0 and 1.
    """
    known = chain.segment_codes
    rows = [row for row in as_positions(candidate) if row.segment in known]
    after = assess(with_added(chain, rows))
    was = {row.segment: row for row in before.findings}
    now = {row.segment: row for row in after.findings}
    reasons: list[Reason] = []
    touched = relieved = 0.0
    for row in sorted(rows, key=lambda row: row.segment):
        gap = was[row.segment].shortfall_wan
        closed = max(0.0, gap - now[row.segment].shortfall_wan)
        touched += gap
        relieved += closed
        if gap > 0:
            ratio = closed / gap
            params = {
                "segment": row.segment,
                "closed_wan": closed,
                "shortfall_wan": gap,
                "closed_ratio": ratio,
            }
            reasons.append(Reason("chain_fit_closes", params))
            reasons += _buyers(was[row.segment])
    new = {
        code: now[code].shortfall_wan - was[code].shortfall_wan
        for code in sorted(now)
        if now[code].shortfall_wan > was[code].shortfall_wan
    }
    for code, more in new.items():
        reasons.append(Reason("chain_fit_asks", {"segment": code, "added_wan": more}))
    for code in sorted(candidate.takes):
        if code in was and was[code].enterprises:
            reasons.append(Reason("chain_fit_takes", {"segment": code, "supply_wan": was[code].supply_wan}))
    kept = kept_in_park(after) - kept_in_park(before)
    if kept > 0:
        reasons.append(Reason("chain_fit_keeps", {"kept_wan": kept}))
    closing = relieved / touched if touched else 0.0
    score = 0.6 * closing + 0.2 * _inputs_here(chain, before, rows) + 0.2 * _output_used(before, rows)
    return Fit(candidate.code, score, relieved, sum(new.values()), kept, tuple(reasons))


def _buyers(finding: Finding) -> list[Reason]:
    uses = sorted(finding.uses, key=lambda use: (-use.demand_wan, use.segment))[:2]
    return [
        Reason("chain_fit_buyer", {"segment": use.segment, "demand_wan": use.demand_wan})
        for use in uses
        if use.demand_wan > 0
    ]


def _inputs_here(chain: Chain, before: Assessment, rows: Sequence[Position]) -> float:
    made = {row.segment: row.supply_wan for row in before.findings}
    needed = [
        (n.source, n.coefficient * (r.output_wan or 0.0))
        for r in rows
        for n in chain.inputs
        if n.target == r.segment
    ]
    whole = sum(amount for _code, amount in needed)
    return sum(min(amount, made.get(code, 0.0)) for code, amount in needed) / whole if whole else 1.0


def _output_used(before: Assessment, rows: Sequence[Position]) -> float:
    demand = {row.segment: row.demand_wan for row in before.findings}
    whole = sum(row.output_wan or 0.0 for row in rows)
    return (
        sum(min(row.output_wan or 0.0, demand.get(row.segment, 0.0)) for row in rows) / whole
        if whole
        else 0.0
    )


def ranked_fits(chain: Chain, before: Assessment, candidates: Iterable[Candidate]) -> list[Fit]:
    """Best first: by score, then by what is relieved, then by code."""
    fits = [fit(chain, before, candidate) for candidate in candidates]
    return sorted(fits, key=lambda row: (-row.score, -row.relieved_wan, row.code))
