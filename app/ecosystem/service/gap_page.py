"""One page per gap: for a weak link everything the park has that could fill it, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.db import db
from app.ecosystem import gap as gaps
from app.ecosystem.models import Post, Signal
from app.ecosystem.service import around, posts, sight
from app.errors import NotFound

if TYPE_CHECKING:
    from app.identity.service import Actor


@dataclass(frozen=True)
class Found:
    """One thing that could help, ready to be shown."""

    filler: gaps.Filler
    title: str
    note: str
    url: str
    prospect: str = ""


@dataclass(frozen=True)
class GapView:
    """A weak link and what could fill it, by kind."""

    segment: around.SegmentInfo
    weak: around.Weak | None
    fillers: dict[str, list[Found]]
    needs: list[Post]
    refused: list[around.Refused]
    signals: list[Signal]

    @property
    def total(self) -> int:
        return sum(map(len, self.fillers.values()))


def look(actor: Actor, segment: str) -> GapView:
    """Gather what could fill a segment; prospects are shown to the staff only (the recruiting list is theirs)."""
    info = around.segments().get(segment)
    if info is None:
        raise NotFound("gap_not_found")
    staff = sight.may_read_all(actor)
    gap = gaps.Gap(segment, gaps.words_of([info.name_zh, info.name_en]))
    recruiters = actor.has("investment_staff", "park_admin", "auditor")
    prospects = {p.id: p for p in around.prospects()} if recruiters else {}
    resources = around.resources_by_id()
    offers = {
        o.id: o
        for o in db.session.scalars(
            sa.select(Post).where(Post.kind == "offer", Post.state.in_(posts.OPEN_STATES))
        )
        if posts.may_read(actor, o)
    }
    tags = posts.tags_of(offers)
    candidates = [
        gaps.Candidate(
            "prospect",
            p.id,
            p.products,
            frozenset(s for s, _ in p.adds),
            sum(w for s, w in p.adds if s == segment),
        )
        for p in prospects.values()
    ]
    candidates += around.resources()
    candidates += [
        gaps.Candidate(
            "offer", o.id, "\n".join((o.shown_title, o.shown_product, o.shown_description, *tags[o.id])),
            frozenset([o.segment] if o.segment else []),
        )
        for o in offers.values()
    ]  # fmt: skip
    found: dict[str, list[Found]] = {
        kind: [] for kind in ("prospect", "equipment", "patent", "talent", "offer")
    }
    for filler in gaps.fillers(gap, candidates):
        found[filler.kind].append(_shown(actor, filler, prospects, resources, offers))
    needs = [
        n
        for n in db.session.scalars(
            sa.select(Post).where(
                Post.kind == "need", Post.segment == segment, Post.state.in_(posts.OPEN_STATES)
            )
        )
        if posts.may_read(actor, n)
    ]
    linked = {f.filler.id for f in found["equipment"]}
    refused = [r for r in around.refused_demand(None) if linked & set(r.resources)]
    about = sa.or_(
        Signal.segment == segment,
        sa.and_(Signal.kind != "refused_booking", Signal.resource_id.in_(linked)),
        Signal.post_id.in_([n.id for n in needs]),
    )
    signals = (
        list(
            db.session.scalars(
                sa.select(Signal).where(about).order_by(Signal.occurred_on.desc(), Signal.id).limit(20)
            )
        )
        if staff
        else []
    )
    weak = next((w for w in around.weak_links() if w.segment == segment), None)
    return GapView(info, weak, found, needs, refused, signals)


def _shown(actor: Actor, filler: gaps.Filler, prospects: Any, resources: Any, offers: Any) -> Found:
    if filler.kind == "prospect":
        p = prospects[filler.id]
        return Found(filler, p.name, p.products, f"/chain/prospects/{p.code}", p.code)
    if filler.kind == "offer":
        o = offers[filler.id]
        title = o.title if posts.shows_identity(actor, o) else o.shown_title
        return Found(filler, title, o.shown_product, f"/ecosystem/posts/{o.id}")
    r = resources[filler.id]
    return Found(filler, r.name, r.category, f"/sharing/resources/{r.id}")


def gaps_today() -> list[tuple[around.Weak, around.SegmentInfo]]:
    """Return the weak links, worst first, with their names."""
    names = around.segments()
    return [(w, names[w.segment]) for w in around.weak_links() if w.segment in names]
