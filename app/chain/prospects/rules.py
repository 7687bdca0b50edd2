"""Which outside firm fits which gap, and the steps from identified to landed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.chain.limits import STALLED_AFTER_DAYS
from app.chain.register.facts import SAME, Chain, Input, Segment
from app.chain.weak_links.rules import Assessment, Finding
from app.hall.errors import Conflict, Invalid, Reason


@dataclass(frozen=True, slots=True)
class Candidate:
    """An outside firm and what it would add: (segment, yearly output in 10,000 yuan)."""

    code: str
    name: str
    adds: tuple[tuple[str, float], ...]
    takes: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewProspect:
    """A firm outside that somebody notes: what it would make (`adds`, segment to yearly output), use and bring."""

    name_zh: str
    adds: Mapping[str, float]
    code: str = ""
    name_en: str = ""
    region: str = ""
    products: str = ""
    takes: Sequence[str] = ()
    source: str = ""
    brings: Mapping[str, list[list[object]]] = field(default_factory=dict)

    def reasons(self, segments: Collection[str]) -> list[Reason]:
        """Everything that stands in the way of noting it."""
        found = [
            Reason("chain_unknown_segment", {"value": code})
            for code in sorted({*self.adds, *self.takes})
            if code not in segments
        ]
        if not self.name_zh.strip():
            found.append(Reason("chain_prospect_needs_name"))
        if not self.adds:
            found.append(Reason("chain_prospect_needs_position"))
        return found


@dataclass(frozen=True, slots=True)
class Landing:
    """What is asked before a landing is final: the firm's credit code, whom to call, who looks after it first.

    `organisation` is the code of a row that is there already; `another` says that none of the likely ones is meant.
    """

    credit_code: str = ""
    contact: str = ""
    contact_phone: str = ""
    administrator: str = ""
    email: str = ""
    organisation: str = ""
    another: bool = False


NOT_ASKED = Landing()


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a candidate fits the park: 0 to 1, with what it relieves and what it newly asks for."""

    code: str
    score: float
    relieved_wan: float
    added_wan: float
    kept_wan: float
    reasons: tuple[Reason, ...]


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
            reasons += _closes(row, closed)
    reasons += [*asks, *_takes(park, candidate)]
    if kept > 0:
        reasons.append(Reason("chain_fit_keeps", {"kept_wan": kept}))
    closing = relieved / touched if touched else 0.0
    score = 0.6 * closing + 0.2 * _inputs_here(park, asked) + 0.2 * _output_used(park, made)
    return Fit(candidate.code, score, relieved, added, kept, tuple(reasons))


def _closes(row: Finding, closed: float) -> list[Reason]:
    if row.shortfall_wan <= 0:
        return []
    params = {
        "segment": row.segment,
        "closed_wan": closed,
        "shortfall_wan": row.shortfall_wan,
        "closed_ratio": closed / row.shortfall_wan,
    }
    return [Reason("chain_fit_closes", params), *_buyers(row)]


def _takes(park: Ground, candidate: Candidate) -> list[Reason]:
    return [
        Reason("chain_fit_takes", {"segment": code, "supply_wan": park.was[code].supply_wan})
        for code in sorted(candidate.takes)
        if code in park.was and park.was[code].enterprises
    ]


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

    >>> from app.chain.register.facts import Position
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


ORDER = ("identified", "contacted", "visited", "negotiating", "signed", "landed")
STALLED_AFTER = dt.timedelta(days=STALLED_AFTER_DAYS)
OPEN = ORDER[:-1]


def may_move(state: str, target: str) -> bool:
    """One step forward, or lost from anywhere before landing."""
    if state not in OPEN:
        return False
    return target == "lost" or target == ORDER[ORDER.index(state) + 1]


@dataclass(frozen=True, slots=True)
class Situation:
    """What landing looks at: the prospect as noted, and what its chain has already.

    `adds` are (segment, yearly output in 10,000 yuan) in the order they were noted; `brings_segments` and
    `brings_inputs` come with the firm. `standing` are segments on which the firm is known outside the park.
    """

    state: str
    adds: tuple[tuple[str, float], ...]
    brings_segments: tuple[Segment, ...]
    brings_inputs: tuple[Input, ...]
    segments: frozenset[str]
    inputs: frozenset[tuple[str, str]]
    standing: frozenset[str]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What landing writes: segments and inputs that are new to the chain, positions that are new or taken over."""

    segments: tuple[Segment, ...]
    inputs: tuple[Input, ...]
    new_positions: tuple[tuple[str, float], ...]
    moved_positions: tuple[tuple[str, float], ...]


def decide_landing(now: Situation) -> Arrival:
    """What changes when the firm lands; refused with all reasons where it cannot.

    A segment that is there already stays as it is, and so does an input; of two outputs noted for one segment the
    later counts.

    Raises
    ------
    Conflict
        The prospect is not signed, or closed.
    Invalid
        It would stand on, or its inputs name, segments that are neither there nor brought.

    >>> now = Situation("signed", (("ore", 5.0),), (), (), frozenset({"ore"}), frozenset(), frozenset())
    >>> decide_landing(now).new_positions
    (('ore', 5.0),)
    """
    if not may_move(now.state, "landed"):
        raise Conflict("chain_prospect_refused", state=now.state, target="landed")
    brought = {row.code: row for row in reversed(now.brings_segments)}
    known = now.segments | brought.keys()
    named = {code for code, _output in now.adds}
    named |= {code for row in now.brings_inputs for code in (row.source, row.target)}
    unknown = sorted(named - known)
    if unknown:
        reasons = [Reason("chain_unknown_segment", {"value": code}) for code in unknown]
        raise Invalid("chain_prospect_wrong", reasons=reasons)
    outputs = dict(now.adds)
    pairs = {(row.source, row.target): row for row in reversed(now.brings_inputs)}
    return Arrival(
        segments=tuple(brought[code] for code in sorted(brought.keys() - now.segments)),
        inputs=tuple(pairs[pair] for pair in sorted(pairs.keys() - now.inputs)),
        new_positions=tuple((c, o) for c, o in sorted(outputs.items()) if c not in now.standing),
        moved_positions=tuple((c, o) for c, o in sorted(outputs.items()) if c in now.standing),
    )
