"""What the chain and the catalogue know and this room needs, asked through their doors only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import g, has_request_context

from app.chain import door as chain
from app.credits import door as credits
from app.ecosystem.gaps import rules as gaps_rules
from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Invalid, Reason
from app.hall.text import language
from app.sharing import door as sharing

Found = TypeVar("Found")


def known_segment(segment: str | None) -> str | None:
    if segment and segment not in segments():
        reason = Reason("post_unknown_segment", {"segment": segment})
        raise Invalid("post_unknown_segment", reasons=[reason], segment=segment)
    return segment or None


@dataclass(frozen=True)
class SegmentInfo:
    """A segment of one chain by its key: two chains may have segments of one code, never of one key."""

    code: str
    name_zh: str
    name_en: str
    chain: str = ""  # how its chain is called, where the park has more than one

    @property
    def name(self) -> str:
        name = (self.name_en if language.lang() == "en" else "") or self.name_zh or self.code
        return (
            name
            if not self.chain
            else f"{name} ({self.chain})"
            if language.lang() == "en"
            else f"{name}（{self.chain}）"
        )


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
    return sharing.category_name(topic)


def _once(name: str, find: Callable[[], Found]) -> Found:
    """What several pages' parts ask within one request is looked up once."""
    if not has_request_context():
        return find()
    kept: dict[str, Found] = g.setdefault("ecosystem_once", {})
    if name not in kept:
        kept[name] = find()
    return kept[name]


def chains() -> Sequence[Any]:
    """Return the chains this reader may see."""
    return _once("chains", chain.list_chains)


def segments() -> Mapping[str, SegmentInfo]:
    """Return all segments of the park's chains by code."""
    return _once("segments", _segments)


def _segments() -> dict[str, SegmentInfo]:
    every = chains()
    found = {}
    for one in every:
        named = chain.chain_name(one) if len(every) > 1 else ""
        keys = chain.segment_keys(one)
        for s in chain.chain_facts(one).segments:
            found[keys[s.code]] = SegmentInfo(keys[s.code], s.name_zh, s.name_en, named)
    return found


def crowded_segments() -> frozenset[str]:
    """Return the segments on which so many of the park's firms stand that naming one names nobody."""
    return _once("crowded", _crowded)


def _crowded() -> frozenset[str]:
    firms: dict[str, set[str]] = {}
    for one in chains():
        keys = chain.segment_keys(one)
        for p in chain.chain_facts(one).positions:
            if p.in_park:
                firms.setdefault(keys[p.segment], set()).add(p.enterprise)
    return frozenset(code for code, there in firms.items() if len(there) >= chain.LEAST_FIRMS)


def segment_name(code: str | None) -> str:
    """Return how a segment is called in the reader's language; its code where it is not known."""
    if not code:
        return ""
    found = segments().get(code)
    return found.name if found else code


def inputs() -> frozenset[tuple[str, str]]:
    """Return (input, output) pairs of all chains."""
    return frozenset(
        (keys[i.source], keys[i.target])
        for one in chains()
        for keys in (chain.segment_keys(one),)
        for i in chain.chain_facts(one).inputs
    )


def neighbours(segment: str) -> tuple[set[str], set[str]]:
    """Return the segments that feed this one and those it feeds."""
    pairs = inputs()
    return {a for a, b in pairs if b == segment}, {b for a, b in pairs if a == segment}


def firms_on(wanted: set[str]) -> list[tuple[str, str, float]]:
    """Return (enterprise code, segment, output in 万元) of the park's firms on these segments."""
    return sorted(
        (p.enterprise, keys[p.segment], p.output_wan or 0.0)
        for one in chains()
        for keys in (chain.segment_keys(one),)
        for p in chain.chain_facts(one).positions
        if p.in_park and keys[p.segment] in wanted
    )


def weak_links() -> list[Weak]:
    """Return the ranked weak links of all chains, worst first."""
    found = [
        Weak(
            chain.segment_keys(one)[f.segment],
            f.rank,
            f.shortfall_wan,
            f.demand_wan,
            f.supply_wan,
            tuple(f.enterprises),
            tuple(f.labels),
        )
        for one in chains()
        for f in chain.assessment(one).findings
        if f.rank is not None
    ]
    return sorted(found, key=lambda w: (w.rank, -w.shortfall_wan, w.segment))


def refused_demand(month: dt.date | None) -> list[Refused]:
    """Return refused bookings by class of instrument, of one month or (None) of the last 90 days."""
    if month is None:
        first, last = clock.today() - dt.timedelta(days=90), clock.today() + dt.timedelta(days=1)
    else:
        first, last = month, clock.months_later(month, 1)
    rows = sharing.refused_demand(clock.start_of_day(first), clock.start_of_day(last))
    return [
        Refused(
            row["category"] or row["kind"],
            row["wishes"],
            round(row["hours"] * 60),
            len(row["organisations"]),
            tuple(row["resources"]),
        )
        for row in rows
        if row["kind"] == "equipment"
    ]


def resources() -> list[gaps_rules.Candidate]:
    """Return everything listed in the catalogue as candidates; what they are called is looked up by id."""
    rows = _listed()
    more = sharing.details_of([r for r in rows if r.kind == "talent"])
    return [
        gaps_rules.Candidate(
            r.kind,
            r.id,
            "\n".join((r.name, r.model, r.description, r.category, *getattr(more.get(r.id), "skills", ()))),
        )
        for r in rows
    ]


def _listed() -> Sequence[Any]:
    return _once("listed", sharing.listed)


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
    return {id_: row.name for id_, row in sharing.resources_by_id(ids).items()}


def resources_by_id() -> dict[int, ResourceInfo]:
    return {
        r.id: ResourceInfo(r.id, r.kind, r.name, r.owner_id, r.category, r.price_fen_per_hour)
        for r in _listed()
    }


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

    rows = db.session.scalars(credits.current(clock.today())).all()
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

    found = []
    for one in chains():
        rows = chain.list_prospects(one, open_only=True)
        adds = chain.adds_of([row.id for row in rows])
        found += [
            ProspectInfo(r.id, r.code, chain.prospect_name(r), r.state, r.products, tuple(adds.get(r.id, ())))
            for r in rows
        ]
    return found


def landed_as(prospect_id: int | None) -> int | None:
    """Return the organisation a prospect became, if it has landed."""
    if prospect_id is None:
        return None

    rows = (r for one in chains() for r in chain.list_prospects(one))
    return next((r.organisation_id for r in rows if r.id == prospect_id), None)
