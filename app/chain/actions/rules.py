"""From gaps to deeds: fill, strengthen or extend, and the steps of an action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from app.chain.register.facts import Chain
from app.chain.weak_links.labels import EXTEND, FILL, STRENGTHEN, known
from app.chain.weak_links.rules import Assessment
from app.hall.errors import Reason


@dataclass(frozen=True, slots=True)
class NewAction:
    """What somebody wants to do about a segment; without an owner it is whoever notes it."""

    segment: str
    kind: str
    title: str
    note: str = ""
    due_on: dt.date | None = None
    owner_id: int | None = None
    prospect_id: int | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do about one segment; `evidence` are the rows it rests on."""

    segment: str
    kind: str
    shortfall_wan: float
    evidence: tuple[Reason, ...]


def advice(chain: Chain, found: Assessment) -> list[Advice]:
    """What to do, worst shortfall first: fill where nobody stands or most is bought outside, strengthen where
    it is thin or fragile, extend where a segment is empty and unused but next to what the park is strong in.

    >>> from app.chain.weak_links.rules import assess
    >>> from app.chain.register.facts import Input, Position, Segment
    >>> chain = Chain((Segment("a"), Segment("b")), (Input("a", "b", 0.5),), (Position("E", "", "b", 8.0),))
    >>> [(row.segment, row.kind, row.shortfall_wan) for row in advice(chain, assess(chain))]
    [('a', 'fill', 4.0), ('b', 'strengthen', 0.0)]
    """
    made = {row.segment: row.supply_wan for row in found.findings}
    rows = []
    for row in found.findings:
        remedies = {label.remedy for label in known(row.labels)}
        if FILL in remedies:
            kind = FILL
        elif row.shortfall_wan > 0 or STRENGTHEN in remedies:
            kind = STRENGTHEN
        elif not row.enterprises and _has_neighbour(chain, row.segment, made):
            kind = EXTEND
        else:
            continue
        rows.append(Advice(row.segment, kind, row.shortfall_wan, row.reasons))
    order = {FILL: 0, STRENGTHEN: 1, EXTEND: 2}
    return sorted(rows, key=lambda row: (-row.shortfall_wan, order[row.kind], row.segment))


def kind_for_firm(chain: Chain, found: Assessment, makes: Collection[str], brings: Collection[str]) -> str:
    """What a firm that comes does for the chain, from what it makes and from the segments that come with it.

    It extends where it brings a link the chain does not have; it fills where one of its segments needs filling, and
    strengthens where one is thin; standing only where nobody needs more, it extends what lies beside it.

    >>> from app.chain.register.facts import Segment
    >>> from app.chain.weak_links.rules import assess
    >>> park = Chain((Segment("cell"),))
    >>> kind_for_firm(park, assess(park), ["cell", "recycling"], ["recycling"])
    'extend'
    """
    if frozenset(brings) - chain.segment_codes:
        return EXTEND
    wanted = {row.kind for row in advice(chain, found) if row.segment in makes}
    return next((kind for kind in (FILL, STRENGTHEN) if kind in wanted), EXTEND)


def _has_neighbour(chain: Chain, segment: str, made: dict[str, float]) -> bool:
    return any(
        made.get(row.source if row.target == segment else row.target, 0.0) > 0
        for row in chain.inputs
        if segment in (row.source, row.target) and row.source != row.target
    )


MOVES = {
    "planned": ("in_progress", "dropped"),
    "in_progress": ("relieved", "dropped"),
    "relieved": (),
    "dropped": (),
}
