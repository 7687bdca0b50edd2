"""One page per gap: for a weak link everything the park has that could fill it, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.ecosystem import sight, sources
from app.ecosystem.gaps import rules
from app.ecosystem.market import queries as market_queries
from app.ecosystem.market import rules as market_rules
from app.ecosystem.market.models import Post
from app.ecosystem.signals.models import Signal
from app.hall.db.base import db
from app.hall.errors import NotFound
from app.identity.door import Actor, roles


@dataclass(frozen=True)
class Found:
    """One thing that could help, ready to be shown."""

    filler: rules.Filler
    title: str
    note: str
    url: str
    prospect: str = ""


@dataclass(frozen=True)
class GapView:
    """A weak link and what could fill it, by kind."""

    segment: sources.SegmentInfo
    weak: sources.Weak | None
    fillers: dict[str, list[Found]]
    needs: list[Post]
    refused: list[sources.Refused]
    signals: list[Signal]

    @property
    def total(self) -> int:
        return sum(map(len, self.fillers.values()))


def segment_url(actor: Actor, segment: str) -> str:
    """The page of what could fill this segment, for who may open it."""
    return f"/ecosystem/gaps/{segment}" if actor.may(roles.SEES_GAPS) else ""


def look(actor: Actor, segment: str) -> GapView:
    """Gather what could fill a segment; prospects are shown to the staff only (the recruiting list is theirs)."""
    info = _info(segment)
    posts = _open_posts(actor, sa.or_(Post.kind == "offer", Post.segment == segment))
    prospects = sources.prospects() if actor.may(roles.RECRUITS_FIRMS) else []
    found = _fillers(actor, info, [post for post in posts if post.kind == "offer"], prospects)
    needs = [post for post in posts if post.kind == "need"]
    linked = {f.filler.id for f in found["equipment"]}
    refused = [r for r in sources.refused_demand(None) if linked & set(r.resources)]
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
        if sight.may_read_all(actor)
        else []
    )
    weak = next((w for w in sources.weak_links() if w.segment == segment), None)
    return GapView(info, weak, found, needs, refused, signals)


def in_the_park(actor: Actor, segment: str) -> dict[str, list[Found]]:
    """What the park itself has for a segment, by kind: for whoever names the prospects already."""
    return _fillers(actor, _info(segment), _open_posts(actor, Post.kind == "offer"), ())


def _info(segment: str) -> sources.SegmentInfo:
    info = sources.segments().get(segment)
    if info is None:
        raise NotFound("gap_not_found")
    return info


def _open_posts(actor: Actor, which: sa.ColumnElement[bool]) -> list[Post]:
    query = sa.select(Post).where(Post.state.in_(market_rules.OPEN_STATES), which)
    return [post for post in db.session.scalars(query) if market_queries.may_read(actor, post)]


def _fillers(
    actor: Actor, info: sources.SegmentInfo, posts: Iterable[Post], known: Iterable[sources.ProspectInfo]
) -> dict[str, list[Found]]:
    segment = info.code
    gap = rules.Gap(segment, rules.words_of([info.name_zh, info.name_en]))
    prospects = {p.id: p for p in known}
    resources = sources.resources_by_id()
    offers = {post.id: post for post in posts}
    tags = market_queries.tags_of(offers)
    candidates = [
        rules.Candidate(
            "prospect",
            p.id,
            p.products,
            frozenset(s for s, _ in p.adds),
            sum(w for s, w in p.adds if s == segment),
        )
        for p in prospects.values()
    ]
    candidates += sources.resources()
    candidates += [
        rules.Candidate(
            "offer",
            o.id,
            "\n".join((o.shown_title, o.shown_product, o.shown_description, *tags[o.id])),
            frozenset([o.segment] if o.segment else []),
        )
        for o in offers.values()
    ]
    found: dict[str, list[Found]] = {
        kind: [] for kind in ("prospect", "equipment", "patent", "talent", "offer")
    }
    for filler in rules.fillers(gap, candidates):
        found[filler.kind].append(_shown(actor, filler, prospects, resources, offers))
    return found


def _shown(
    actor: Actor,
    filler: rules.Filler,
    prospects: Mapping[int, sources.ProspectInfo],
    resources: Mapping[int, sources.ResourceInfo],
    offers: Mapping[int, Post],
) -> Found:
    if filler.kind == "prospect":
        p = prospects[filler.id]
        return Found(filler, p.name, p.products, f"/chain/prospects/{p.code}", p.code)
    if filler.kind == "offer":
        o = offers[filler.id]
        title = o.title if market_queries.shows_identity(actor, o) else o.shown_title
        return Found(filler, title, o.shown_product, f"/ecosystem/posts/{o.id}")
    r = resources[filler.id]
    return Found(filler, r.name, r.category, f"/sharing/resources/{r.id}")


def gaps_today() -> list[tuple[sources.Weak, sources.SegmentInfo]]:
    """Return the weak links, worst first, with their names."""
    names = sources.segments()
    return [(w, names[w.segment]) for w in sources.weak_links() if w.segment in names]
