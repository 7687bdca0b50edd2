"""Matches as one reader may see them: masked until both said yes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.ecosystem import sight, sources
from app.ecosystem.introductions.models import Introduction
from app.ecosystem.market.models import Post
from app.ecosystem.matches.models import Match, MatchRefusal
from app.ecosystem.matches.rules import OPEN
from app.hall.db.base import db
from app.hall.db.counting import Question, counted, how_many
from app.hall.errors import NotFound
from app.identity.door import Actor, OrganisationInfo


def may_read(actor: Actor, row: Match) -> bool:
    mine = actor.organisation_id in (row.need_organisation_id, row.offer_organisation_id)
    return mine or sight.may_read_all(actor)


def _told(reason: dict[str, Any]) -> dict[str, object]:
    named = {reason.get("params", {}).get(key) for key in ("segment", "input", "output")} - {None}
    if not named or named <= sources.crowded_segments():
        return reason
    return {"code": "segment_related", "ratio": reason.get("ratio", 0), "params": {}}


@dataclass(frozen=True)
class Seen:
    """A match as one reader may see it."""

    match: Match
    need: Post
    offer: Post
    side: str
    need_who: OrganisationInfo | None
    offer_who: OrganisationInfo | None
    introduction_id: int | None
    refused_until: dt.date | None

    @property
    def mine(self) -> Post:
        return self.offer if self.side == "offer" else self.need

    @property
    def theirs(self) -> Post:
        return self.need if self.side == "offer" else self.offer

    @property
    def my_answer(self) -> bool | None:
        return {"need": self.match.need_says, "offer": self.match.offer_says}.get(self.side)

    @property
    def their_answer(self) -> bool | None:
        return {"need": self.match.offer_says, "offer": self.match.need_says}.get(self.side)

    @property
    def counterpart(self) -> OrganisationInfo | None:
        return {"need": self.offer_who, "offer": self.need_who}.get(self.side)

    @property
    def is_open(self) -> bool:
        return self.match.state in OPEN

    @property
    def reasons(self) -> list[dict[str, object]]:
        """Why these two, without what would tell a side who the other is before both said yes."""
        if self.need_who and self.offer_who:
            return list(self.match.reasons)
        return [_told(reason) for reason in self.match.reasons]

    def segment_of(self, post: Post) -> str | None:
        known = self.need_who if post.kind == "need" else self.offer_who
        return post.segment if known or post.segment in sources.crowded_segments() else None

    def title_of(self, post: Post) -> str:
        """Return a post's title: its own words when the reader may know whose they are."""
        known = self.need_who if post.kind == "need" else self.offer_who
        return post.title if known else post.shown_title

    def description_of(self, post: Post) -> str:
        known = self.need_who if post.kind == "need" else self.offer_who
        return post.description if known else post.shown_description


def query(actor: Actor, state: str = "") -> sa.Select[Match]:
    """Return the statement for the matches this reader may see."""
    found = sa.select(Match)
    if not sight.may_read_all(actor):
        found = found.where(
            sa.or_(
                Match.need_organisation_id == actor.organisation_id,
                Match.offer_organisation_id == actor.organisation_id,
            )
        )
    if state == "open":
        found = found.where(Match.state.in_(OPEN))
    elif state:
        found = found.where(Match.state == state)
    return found


def see(actor: Actor, rows: Sequence[Match]) -> list[Seen]:
    """Dress matches for a reader: identities only where both said yes, or for matchmakers."""
    ids = {row.need_id for row in rows} | {row.offer_id for row in rows}
    found = {p.id: p for p in db.session.scalars(sa.select(Post).where(Post.id.in_(ids)))}
    who = sight.organisations(o for r in rows for o in (r.need_organisation_id, r.offer_organisation_id))
    match_ids = [row.id for row in rows]
    intro_rows = db.session.execute(
        sa.select(Introduction.match_id, Introduction.id).where(Introduction.match_id.in_(match_ids))
    )
    intros: dict[int | None, int] = dict(intro_rows.all())
    no_rows = db.session.execute(
        sa.select(MatchRefusal.match_id, MatchRefusal.until_on).where(MatchRefusal.match_id.in_(match_ids))
    )
    nos: dict[int, dt.date] = dict(no_rows.all())
    all_seen = sight.is_matchmaker(actor)
    seen = []
    for row in rows:
        open_to_all = all_seen or row.state in ("mutual", "introduced")
        is_need, is_offer = (
            actor.organisation_id == o for o in (row.need_organisation_id, row.offer_organisation_id)
        )
        seen.append(
            Seen(
                row,
                found[row.need_id],
                found[row.offer_id],
                "need" if is_need else "offer" if is_offer else "",
                who[row.need_organisation_id] if open_to_all or is_need else None,
                who[row.offer_organisation_id] if open_to_all or is_offer else None,
                intros.get(row.id),
                nos.get(row.id),
            )
        )
    return seen


def get(actor: Actor, match_id: int) -> Seen:
    row = db.session.get(Match, match_id)
    if row is None or not may_read(actor, row):
        raise NotFound("match_not_found")
    return see(actor, [row])[0]


def to_answer(actor: Actor) -> Question:
    """How many open matches wait for the actor's side."""
    mine = sa.or_(
        sa.and_(Match.need_organisation_id == actor.organisation_id, Match.need_says.is_(None)),
        sa.and_(Match.offer_organisation_id == actor.organisation_id, Match.offer_says.is_(None)),
    )
    return how_many(Match.state.in_(OPEN), mine)


def count_to_answer(actor: Actor) -> int:
    return counted(to_answer(actor))[0]


def of_post(row: Post) -> list[Match]:
    """Return the matches of a post, best first."""
    query = sa.select(Match).where(sa.or_(Match.need_id == row.id, Match.offer_id == row.id))
    return list(db.session.scalars(query.order_by(Match.score_ratio.desc(), Match.id).limit(50)))
