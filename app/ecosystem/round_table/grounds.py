"""What the agenda is computed from: needs, signals, offers, resolutions, weak links, refused demand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from app.ecosystem import sources
from app.ecosystem.initiatives import queries as initiatives
from app.ecosystem.limits import SIGNAL_DAYS
from app.ecosystem.market import queries as market_queries
from app.ecosystem.market.models import Post
from app.ecosystem.round_table import agenda
from app.ecosystem.round_table.models import Meeting, Resolution
from app.ecosystem.signals.models import Signal, SignalTag
from app.hall import clock
from app.hall.db.base import db

Bringing = Callable[[], Iterable[agenda.Item]]
_brought: list[Bringing] = []


def on_agenda(source: Bringing) -> None:
    """A room above brings subjects of the kinds in `agenda.BROUGHT`; asked whenever the agenda is computed."""
    if source not in _brought:
        _brought.append(source)


def outside_causes() -> list[agenda.Item]:
    """Initiatives nobody has agreed to yet, and those whose promises are late."""
    return [
        agenda.Item(
            "initiative",
            f"initiative:{one.id}",
            float(one.complaints_after),
            {"title": one.title, "factor": one.factor, "state": one.state, "late": one.late},
            (("initiative", one.id),),
        )
        for one in initiatives.for_the_table()
    ]


def said_and_offered() -> tuple[list[agenda.Voice], list[agenda.Idle]]:
    """Return open needs and recent signals as voices, and the published offers nobody has taken up."""
    posts = market_queries.open_posts()
    tags = market_queries.tags_of(row.id for row in posts)
    said = [
        agenda.Voice("need", n.id, n.organisation_id, frozenset(tags[n.id]), n.segment)
        for n in posts
        if n.kind == "need"
    ]
    return said + _signals(), idle_offers(posts, tags)


def idle_offers(posts: Iterable[Post], tags: Mapping[int, Iterable[str]]) -> list[agenda.Idle]:
    """Return those of these posts that are published offers nobody has taken up."""
    return [
        agenda.Idle(o.id, o.organisation_id, frozenset(tags[o.id]), o.segment)
        for o in posts
        if o.kind == "offer" and o.state == "published"
    ]


def _signals() -> list[agenda.Voice]:
    since = clock.today() - dt.timedelta(days=SIGNAL_DAYS)
    query = (
        sa.select(Signal.id, Signal.organisation_id, Signal.segment, SignalTag.tag)
        .outerjoin(SignalTag, SignalTag.signal_id == Signal.id)
        .where(
            Signal.occurred_on >= since, Signal.organisation_id.is_not(None), Signal.kind != "refused_booking"
        )
        .order_by(Signal.id)
    )
    tags: dict[tuple[int, int, str | None], set[str]] = {}
    for number, organisation_id, segment, tag in db.session.execute(query):
        tags.setdefault((number, organisation_id or 0, segment), set()).update([tag] if tag else [])
    return [
        agenda.Voice("signal", number, organisation_id, frozenset(said), segment)
        for (number, organisation_id, segment), said in tags.items()
    ]


def weak_ranks() -> list[object]:
    """Return today's ranked weak links, kept with a meeting so that the next one sees what is new."""
    return [[w.segment, w.rank, w.shortfall_wan] for w in sources.weak_links()]


def proposed_agenda(
    before: Meeting | None, labels: Mapping[str, frozenset[int]], open_resolutions: Sequence[Resolution]
) -> list[agenda.Item]:
    """Return what the round table should talk about today; `before` is the last meeting held."""
    ranks = {segment: rank for segment, rank, _ in (before.weak_links if before else [])}
    weak = [
        agenda.WeakLink(w.segment, w.rank, w.shortfall_wan, ranks.get(w.segment), len(w.enterprises))
        for w in sources.weak_links()
        if w.rank <= 5
    ]
    refused = [
        agenda.RefusedDemand(r.topic, r.wishes, round(r.minutes / 60, 1), r.organisations)
        for r in sources.refused_demand(None)
    ]
    said, idle = said_and_offered()
    texts = {r.id: r.text for r in open_resolutions}
    found = agenda.propose(
        today=clock.today(),
        voices=said,
        idle=idle,
        resolutions=[agenda.OpenResolution(r.id, r.due_on, r.owner_id) for r in open_resolutions],
        weak_links=weak,
        refused=refused,
        groups=labels,
        others=[*outside_causes(), *(item for source in _brought for item in source())],
    )
    return [
        replace(i, params={**i.params, "text": texts[int(str(i.params["resolution"]))]})
        if i.kind == "overdue"
        else i
        for i in found
    ]
