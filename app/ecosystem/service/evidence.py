"""What the agenda is computed from: needs, signals, offers, resolutions, weak links, refused demand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db
from app.ecosystem import agenda
from app.ecosystem.models import Meeting, Post, Resolution, Signal, SignalTag
from app.ecosystem.service import around, posts
from app.ecosystem.service.committee.labels import labels

SIGNAL_DAYS = 120


def voices() -> list[agenda.Voice]:
    """Return open needs and recent signals as voices."""
    needs = db.session.scalars(
        sa.select(Post).where(Post.kind == "need", Post.state.in_(posts.OPEN_STATES))
    ).all()
    tags = posts.tags_of(row.id for row in needs)
    found = [agenda.Voice("need", n.id, n.organisation_id, frozenset(tags[n.id]), n.segment) for n in needs]
    since = clock.today() - dt.timedelta(days=SIGNAL_DAYS)
    signals = db.session.scalars(
        sa.select(Signal).where(
            Signal.occurred_on >= since, Signal.organisation_id.is_not(None), Signal.kind != "refused_booking"
        )
    ).all()
    rows = db.session.execute(
        sa.select(SignalTag.signal_id, SignalTag.tag).where(SignalTag.signal_id.in_([s.id for s in signals]))
    )
    by_signal: dict[int, set[str]] = {}
    for signal_id, tag in rows:
        by_signal.setdefault(signal_id, set()).add(tag)
    found += [
        agenda.Voice("signal", s.id, s.organisation_id or 0, frozenset(by_signal.get(s.id, ())), s.segment)
        for s in signals
    ]
    return found


def idle_offers() -> list[agenda.Idle]:
    """Return published offers nobody has taken up."""
    rows = db.session.scalars(sa.select(Post).where(Post.kind == "offer", Post.state == "published")).all()
    tags = posts.tags_of(row.id for row in rows)
    return [agenda.Idle(o.id, o.organisation_id, frozenset(tags[o.id]), o.segment) for o in rows]


def weak_ranks() -> list[Any]:
    """Return today's ranked weak links, kept with a meeting so that the next one sees what is new."""
    return [[w.segment, w.rank, w.shortfall_wan] for w in around.weak_links()]


def proposed_agenda(before: Meeting | None = None) -> list[agenda.Item]:
    """Return what the round table should talk about today; `before` is the last meeting held."""
    ranks = {segment: rank for segment, rank, _ in (before.weak_links if before else [])}
    weak = [
        agenda.WeakLink(w.segment, w.rank, w.shortfall_wan, ranks.get(w.segment))
        for w in around.weak_links()
        if w.rank <= 5
    ]
    open_resolutions = db.session.scalars(sa.select(Resolution).where(Resolution.state == "open")).all()
    refused = [
        agenda.RefusedDemand(r.topic, r.wishes, round(r.minutes / 60, 1), r.organisations)
        for r in around.refused_demand(None)
    ]
    texts = {r.id: r.text for r in open_resolutions}
    found = agenda.propose(
        today=clock.today(),
        voices=voices(),
        idle=idle_offers(),
        resolutions=[agenda.OpenResolution(r.id, r.due_on) for r in open_resolutions],
        weak_links=weak,
        refused=refused,
        groups=labels(),
    )
    return [
        replace(i, params={**i.params, "text": texts[int(str(i.params["resolution"]))]})
        if i.kind == "overdue"
        else i
        for i in found
    ]
