"""What this room achieved between two days, row by row: for whoever adds it up elsewhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.ecosystem.introductions.models import Introduction
from app.ecosystem.market.models import Post
from app.ecosystem.outcomes.models import Outcome
from app.hall.db.base import db


@dataclass(frozen=True)
class Achieved:
    """One need, introduction or confirmed outcome: its moment, its shown title, where it is looked up."""

    kind: str
    id: int
    at: dt.datetime
    title: str
    url: str


def achieved_between(start: dt.datetime, end: dt.datetime) -> list[Achieved]:
    """Needs published, introductions opened, outcomes confirmed in [start, end)."""
    session = db.session()
    needs = session.execute(
        sa.select(Post.id, Post.published_at, Post.shown_title).where(
            Post.kind == "need", Post.published_at >= start, Post.published_at < end
        )
    )
    introductions = session.execute(
        sa.select(Introduction.id, Introduction.opened_at, Introduction.title).where(
            Introduction.opened_at >= start, Introduction.opened_at < end
        )
    )
    outcomes = session.execute(
        sa.select(Outcome.id, Outcome.confirmed_at, Outcome.metric, Outcome.introduction_id).where(
            Outcome.confirmed_at >= start, Outcome.confirmed_at < end
        )
    )
    found = [Achieved("needs", n, at, title, f"/ecosystem/posts/{n}") for n, at, title in needs if at]
    found += [
        Achieved("introductions", n, at, title, f"/ecosystem/introductions/{n}")
        for n, at, title in introductions
    ]
    found += [
        Achieved("outcomes", n, at, metric, f"/ecosystem/introductions/{of}")
        for n, at, metric, of in outcomes
        if at
    ]
    return found
