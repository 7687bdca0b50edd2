"""From gaps to deeds: fill, strengthen or extend, and which outside firm fits which gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.chain.assessment import CONCENTRATED, EXTERNAL, MISSING, SAME, SINGLE_SOURCE, Assessment, Finding
from app.chain.facts import Chain
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

    >>> from app.chain.assessment import assess
    >>> from app.chain.facts import Input, Position, Segment
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


@dataclass(frozen=True)
class Ground:
    """The park as candidates meet it: findings by segment, and what each segment uses."""

    was: Mapping[str, Finding]
    uses: Mapping[str, Sequence[tuple[str, float]]]


def ground(chain: Chain, found: Assessment) -> Ground:
    uses: dict[str, list[tuple[str, float]]] = {}
    for row in sorted(chain.inputs, key=lambda row: (row.source, row.target)):
        uses.setdefault(row.target, []).append((row.source, row.coefficient))
    return Ground({row.segment: row for row in found.findings}, uses)


def fit(park: Ground, candidate: Candidate) -> Fit:
    """Compare the park with and without the candidate; only the segments it stands on and their inputs change.

    score = 0.6 · share of the gaps it touches that it closes + 0.2 · share of its own inputs the park makes
    + 0.2 · share of its output the park would use. All three are between 0 and 1.
    """
    made: dict[str, float] = {}
    for segment, output in candidate.adds:
        if segment in park.was:
            made[segment] = made.get(segment, 0.0) + output
    asked: dict[str, float] = {}
    for segment, output in made.items():
        for source, coefficient in park.uses.get(segment, ()):
            asked[source] = asked.get(source, 0.0) + coefficient * output
    reasons: list[Reason] = []
    touched = relieved = added = kept = 0.0
    asks = []
    for code in sorted({*made, *asked}):
        row = park.was[code]
        demand = row.demand_wan + asked.get(code, 0.0)
        supply = row.supply_wan + made.get(code, 0.0)
        gap = max(0.0, demand - supply)
        gap = gap if gap > float(SAME) * demand else 0.0
        kept += min(demand, supply) - min(row.demand_wan, row.supply_wan)
        more = gap - row.shortfall_wan
        if more > float(SAME) * demand:
            added += more
            asks.append(Reason("chain_fit_asks", {"segment": code, "added_wan": more}))
        if code in made:
            closed = max(0.0, -more)
            touched, relieved = touched + row.shortfall_wan, relieved + closed
            if row.shortfall_wan > 0:
                params = {
                    "segment": code,
                    "closed_wan": closed,
                    "shortfall_wan": row.shortfall_wan,
                    "closed_ratio": closed / row.shortfall_wan,
                }
                reasons += [Reason("chain_fit_closes", params), *_buyers(row)]
    reasons += asks
    for code in sorted(candidate.takes):
        if code in park.was and park.was[code].enterprises:
            reasons.append(
                Reason("chain_fit_takes", {"segment": code, "supply_wan": park.was[code].supply_wan})
            )
    if kept > 0:
        reasons.append(Reason("chain_fit_keeps", {"kept_wan": kept}))
    closing = relieved / touched if touched else 0.0
    score = 0.6 * closing + 0.2 * _inputs_here(park, asked) + 0.2 * _output_used(park, made)
    return Fit(candidate.code, score, relieved, added, kept, tuple(reasons))


def _buyers(finding: Finding) -> list[Reason]:
    uses = sorted(finding.uses, key=lambda use: (-use.demand_wan, use.segment))[:2]
    return [
        Reason("chain_fit_buyer", {"segment": use.segment, "demand_wan": use.demand_wan})
        for use in uses
        if use.demand_wan > 0
    ]


def _inputs_here(park: Ground, asked: Mapping[str, float]) -> float:
    whole = sum(asked.values())
    return (
        sum(min(amount, park.was[code].supply_wan) for code, amount in asked.items()) / whole
        if whole
        else 1.0
    )


def _output_used(park: Ground, made: Mapping[str, float]) -> float:
    whole = sum(made.values())
    return (
        sum(min(output, park.was[code].demand_wan) for code, output in made.items()) / whole if whole else 0.0
    )


def ranked_fits(chain: Chain, before: Assessment, candidates: Iterable[Candidate]) -> list[Fit]:
    """Best first: by score, then by what is relieved, then by code."""
    park = ground(chain, before)
    fits = [fit(park, candidate) for candidate in candidates]
    return sorted(fits, key=lambda row: (-row.score, -row.relieved_wan, row.code))


def outside_candidates(chain: Chain) -> list[Candidate]:
    """Firms outside that the data know of, with what they make: they could come.

    >>> from app.chain.facts import Position
    >>> chain = Chain(positions=(Position("X", "X Ltd", "ore", 5.0, in_park=False), Position("E", "", "ore", 1.0)))
    >>> outside_candidates(chain)
    [Candidate(code='X', name='X Ltd', adds=(('ore', 5.0),), takes=())]
    """
    names = chain.firm_names()
    inside = {row.enterprise for row in chain.positions if row.in_park}
    adds: dict[str, list[tuple[str, float]]] = {}
    for row in chain.positions:
        if row.enterprise not in inside:
            adds.setdefault(row.enterprise, []).append((row.segment, row.output_wan or 0.0))
    return [Candidate(code, names.get(code, code), tuple(sorted(adds[code]))) for code in sorted(adds)]
