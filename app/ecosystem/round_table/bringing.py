"""Reads what could answer the subjects of a meeting: open offers, idle instruments, experts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.ecosystem import sight, sources
from app.ecosystem.market import queries as market_queries
from app.ecosystem.market.models import Post
from app.ecosystem.round_table import queries
from app.ecosystem.round_table.grounds import idle_offers
from app.ecosystem.round_table.models import AgendaItem
from app.ecosystem.round_table.sight import Reader
from app.ecosystem.round_table.together import Answer, Concern, Thing, bring_together
from app.ecosystem.signals.models import Signal
from app.hall import clock
from app.hall.db.union_query import Together
from app.identity.door import Actor, OrganisationInfo
from app.sharing import door as sharing

LOOKED_BACK = dt.timedelta(days=30)


@dataclass(frozen=True)
class Line:
    """One thing that could answer a subject, as the reader may see it."""

    kind: str
    name: str
    url: str
    by: str
    used: float | None
    who: OrganisationInfo | None


def lines_of(reader: Reader, meeting_id: int) -> list[tuple[AgendaItem, list[Line]]]:
    """The subjects of a meeting that something answers, in the order of the agenda."""
    actor = reader.actor
    items = [item for item in queries.items(meeting_id) if reader.shows(item)]
    concerns = [_concern(item, said) for item, said in zip(items, _said_by(items), strict=True)]
    found = sharing.resources_about(
        actor, {one.topic for one in concerns if one.topic}, ("equipment", "talent")
    )
    posts = {post.id: post for post in market_queries.open_posts()}
    offers = idle_offers(posts.values(), market_queries.tags_of(posts))
    answers = bring_together(concerns, offers, _things(found))
    names = {row.id: row.name for rows in found.values() for row in rows}
    shown = _shown(actor, answers, names, posts)
    grouped = [
        (item, [shown[one] for one in answers if one.item == item.id and one in shown]) for item in items
    ]
    return [(item, lines) for item, lines in grouped if lines]


def _concern(item: AgendaItem, said_by: frozenset[int]) -> Concern:
    params = item.params
    segment = params.get("segment") or (params.get("topic") if params.get("by") == "segment" else None)
    topic = str(params.get("topic") or "")
    if segment:
        topic = sources.segment_name(str(segment))
    return Concern(item.id, topic or item.title, str(segment) if segment else None, said_by)


def _said_by(items: Sequence[AgendaItem]) -> list[frozenset[int]]:
    """Who voiced each subject: they do not answer themselves."""
    kinds: dict[str, type[Post | Signal]] = {"need": Post, "signal": Signal}
    wanted = {
        kind: {number for item in items for what, number in item.evidence if what == kind} for kind in kinds
    }
    asked = {
        kind: sa.select(kinds[kind].id, kinds[kind].organisation_id).where(kinds[kind].id.in_(ids))
        for kind, ids in wanted.items()
        if ids
    }
    owner = {
        (kind, number): organisation
        for kind, rows in (Together(**asked).ask({}) if asked else {}).items()
        for number, organisation in rows
        if organisation
    }
    return [
        frozenset(owner[kind, number] for kind, number in item.evidence if (kind, number) in owner)
        for item in items
    ]


def _things(found: dict[str, list[sharing.Resource]]) -> dict[str, list[Thing]]:
    equipment = {row.id: row for rows in found.values() for row in rows if row.kind == "equipment"}
    now = clock.now()
    used = sharing.utilisation(list(equipment.values()), now - LOOKED_BACK, now) if equipment else {}
    ratios = {number: use.ratio for number, use in used.items()}
    kind = {"equipment": "instrument", "talent": "expert"}
    return {
        topic: [Thing(row.id, kind[row.kind], row.owner_id, ratios.get(row.id)) for row in rows]
        for topic, rows in found.items()
    }


def _shown(
    actor: Actor, answers: Sequence[Answer], names: dict[int, str], rows: Mapping[int, Post]
) -> dict[Answer, Line]:
    """Offers without a name where the market shows none; instruments and experts as the catalogue shows them."""
    who = sight.organisations({one.organisation for one in answers})
    shown: dict[Answer, Line] = {}
    for one in answers:
        if one.kind == "offer":
            row = rows[one.id]
            named = market_queries.shows_identity(actor, row)
            title = row.title if named else row.shown_title
            owner = who.get(one.organisation) if named else None
            shown[one] = Line("offer", title, f"/ecosystem/posts/{row.id}", one.by, None, owner)
        else:
            url = f"/sharing/resources/{one.id}"
            used = one.used if actor.may(sharing.READERS) else None
            shown[one] = Line(one.kind, names[one.id], url, one.by, used, who.get(one.organisation))
    return shown
