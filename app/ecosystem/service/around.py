"""What the lower rooms know and this room needs, asked through their services only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, has_request_context

from app import clock, language
from app.chain.service import chains
from app.db import db
from app.ecosystem import gap as gaps
from app.sharing import service as sharing
from app.sharing.service import showing, wording

#: Fewer firms than this on a segment or in a building, and naming it would tell who is meant (domain.md §5).
LEAST_FIRMS = 3


@dataclass(frozen=True)
class SegmentInfo:
    """A segment of a chain by its code."""

    code: str
    name_zh: str
    name_en: str

    @property
    def name(self) -> str:
        return (self.name_en if language.lang() == "en" else "") or self.name_zh or self.code


@dataclass(frozen=True)
class Weak:
    """A ranked weak link of one of the park's chains."""

    segment: str
    rank: int
    shortfall_wan: float
    demand_wan: float
    supply_wan: float
    enterprises: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Refused:
    """Booking wishes for one class of instrument that could not be met."""

    topic: str
    wishes: int
    minutes: int
    organisations: int
    resources: tuple[int, ...]

    @property
    def name(self) -> str:
        return instrument_class(self.topic)

    @property
    def label(self) -> str:
        return f"{self.topic}：{self.wishes} 次预约未能满足，共 {self.minutes / 60:.1f} 小时"


def instrument_class(topic: str) -> str:
    """Return the class of instruments refused wishes are about, in the reader's language."""
    return wording.category_name(topic)


def segments() -> dict[str, SegmentInfo]:
    """Return all segments of the park's chains by code."""
    if has_request_context() and "ecosystem_segments" in g:
        return dict(g.ecosystem_segments)
    found = {
        s.code: SegmentInfo(s.code, s.name_zh, s.name_en)
        for chain in chains.list_chains()
        for s in chains.chain_facts(chain).segments
    }
    if has_request_context():
        g.ecosystem_segments = found
    return found


def crowded_segments() -> frozenset[str]:
    """Return the segments on which so many of the park's firms stand that naming one names nobody."""
    if has_request_context() and "ecosystem_crowded" in g:
        return frozenset(g.ecosystem_crowded)
    firms: dict[str, set[str]] = {}
    for chain in chains.list_chains():
        for p in chains.chain_facts(chain).positions:
            if p.in_park:
                firms.setdefault(p.segment, set()).add(p.enterprise)
    found = frozenset(code for code, there in firms.items() if len(there) >= LEAST_FIRMS)
    if has_request_context():
        g.ecosystem_crowded = found
    return found


def segment_name(code: str | None) -> str:
    """Return how a segment is called in the reader's language; its code where it is not known."""
    if not code:
        return ""
    found = segments().get(code)
    return found.name if found else code


def inputs() -> frozenset[tuple[str, str]]:
    """Return (input, output) pairs of all chains."""
    return frozenset(
        (i.source, i.target) for chain in chains.list_chains() for i in chains.chain_facts(chain).inputs
    )


def neighbours(segment: str) -> tuple[set[str], set[str]]:
    """Return the segments that feed this one and those it feeds."""
    pairs = inputs()
    return {a for a, b in pairs if b == segment}, {b for a, b in pairs if a == segment}


def firms_on(wanted: set[str]) -> list[tuple[str, str, float]]:
    """Return (enterprise code, segment, output in 万元) of the park's firms on these segments."""
    return sorted(
        (p.enterprise, p.segment, p.output_wan or 0.0)
        for chain in chains.list_chains()
        for p in chains.chain_facts(chain).positions
        if p.in_park and p.segment in wanted
    )


def weak_links() -> list[Weak]:
    """Return the ranked weak links of all chains, worst first."""
    found = [
        Weak(
            f.segment,
            f.rank,
            f.shortfall_wan,
            f.demand_wan,
            f.supply_wan,
            tuple(f.enterprises),
            tuple(f.labels),
        )
        for chain in chains.list_chains()
        for f in chains.assessment(chain).findings
        if f.rank is not None
    ]
    return sorted(found, key=lambda w: (w.rank, -w.shortfall_wan, w.segment))


def refused_demand(month: dt.date | None) -> list[Refused]:
    """Return refused bookings by class of instrument, of one month or (None) of the last 90 days."""
    if month is None:
        first, last = clock.today() - dt.timedelta(days=90), clock.today() + dt.timedelta(days=1)
    else:
        first, last = month, (month + dt.timedelta(days=32)).replace(day=1)
    rows = sharing.refused_demand(clock.start_of_day(first), clock.start_of_day(last))
    return [
        Refused(
            row["category"] or row["kind"], row["wishes"], round(row["hours"] * 60), len(row["organisations"]),
            tuple(row["resources"]),
        )
        for row in rows
        if row["kind"] == "equipment"
    ]  # fmt: skip


def resources() -> list[gaps.Candidate]:
    """Return everything listed in the catalogue as candidates; what they are called is looked up by id."""
    found = []
    for kind in ("equipment", "patent", "talent"):
        rows, _total = sharing.find(sharing.Search(kind=kind), limit=1000)
        more = sharing.details_of([f.resource for f in rows])
        for f in rows:
            r = f.resource
            words = (r.name, r.model, r.description, r.category, *getattr(more.get(r.id), "skills", ()))
            found.append(gaps.Candidate(kind, r.id, "\n".join(words)))
    return found


@dataclass(frozen=True)
class ResourceInfo:
    """A listed resource as the gap page and the packs name it."""

    id: int
    kind: str
    name: str
    owner_id: int
    category: str
    price_fen: int


def resource_names(ids: Iterable[int]) -> dict[int, str]:
    """Return what resources of the catalogue are called."""
    return {id_: row.name for id_, row in showing.resources_by_id(ids).items()}


def resources_by_id() -> dict[int, ResourceInfo]:
    found = {}
    for kind in ("equipment", "patent", "talent"):
        rows, _total = sharing.find(sharing.Search(kind=kind), limit=1000)
        for f in rows:
            r = f.resource
            found[r.id] = ResourceInfo(r.id, r.kind, r.name, r.owner_id, r.category, r.price_fen_per_hour)
    return found


@dataclass(frozen=True)
class Benefit:
    """What credits buy, as a prospect may read it."""

    code: str
    name_zh: str
    name_en: str
    description_zh: str
    cost: int


def benefits() -> list[Benefit]:
    """Return the rewards of today, cheapest first."""
    from app.credits.service import rewards

    rows: Sequence[Any] = db.session.scalars(rewards.current(clock.today())).all()
    found = [Benefit(r.code, r.name_zh, r.name_en, r.description_zh, r.cost_credits) for r in rows]
    return sorted(found, key=lambda b: (b.cost, b.code))


@dataclass(frozen=True)
class ProspectInfo:
    """A firm outside the park that could come."""

    id: int
    code: str
    name: str
    state: str
    products: str
    adds: tuple[tuple[str, float], ...]


def prospects() -> list[ProspectInfo]:
    """Return the prospects of all chains that have neither landed nor been lost."""
    from app.chain.service import prospects as pipeline
    from app.chain.service import what_if

    found = []
    for chain in chains.list_chains():
        rows = pipeline.list_prospects(chain, open_only=True)
        adds = what_if.adds_of([row.id for row in rows])
        found += [
            ProspectInfo(
                r.id, r.code, pipeline.prospect_name(r), r.state, r.products, tuple(adds.get(r.id, ()))
            )
            for r in rows
        ]  # fmt: skip
    return found


def landed_as(prospect_id: int | None) -> int | None:
    """Return the organisation a prospect became, if it has landed."""
    if prospect_id is None:
        return None
    from app.chain.service import prospects as pipeline

    rows = (r for chain in chains.list_chains() for r in pipeline.list_prospects(chain))
    return next((r.organisation_id for r in rows if r.id == prospect_id), None)
