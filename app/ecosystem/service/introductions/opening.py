"""How introductions begin: a match, a reward, a service pack, the staff."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.ecosystem import pipeline
from app.ecosystem.models import (
    Introduction,
    Match,
    PackItem,
    Post,
    ServicePack,
)
from app.ecosystem.service import sight
from app.errors import Conflict, Invalid
from app.identity import service as identity

if TYPE_CHECKING:
    from app.identity.service import Actor
from app.ecosystem.service.introductions.reading import URL
from app.ecosystem.service.introductions.steps import _note


def _open(actor: Actor, row: Introduction, text: str = "") -> Introduction:
    row.opened_at = row.last_noted_at = clock.now()
    row.next_due_on = clock.today() + dt.timedelta(days=7)
    row.next_owner_id = row.asking_id or row.giving_id
    db.session.add(row)
    db.session.flush()
    _note(actor, row, "step", text, to_state="opened")
    identity.audit(actor, "introduction.opened", "introduction", row.id, origin=row.origin)
    for side in (row.asking_id, row.giving_id):
        if side is not None:
            identity.notify_organisation(side, "introduction_opened", URL.format(row.id), title=row.title)
    return row


def open_from_match(actor: Actor, match: Match) -> Introduction:
    """Open the introduction of a match both sides said yes to; inside the second yes's transaction."""
    with transaction() as session:
        need, offer = session.get_one(Post, match.need_id), session.get_one(Post, match.offer_id)
        for post in (need, offer):
            if post.state == "published":
                post.state = pipeline.step("post", post.state, "engaged")
        row = Introduction(
            origin="match",
            title=need.title,
            match_id=match.id,
            asking_id=match.need_organisation_id,
            giving_id=match.offer_organisation_id,
            owner_id=_matchmaker(),
        )
        return _open(actor, row)


def open_by_staff(actor: Actor, title: str, asking_id: int, giving_id: int) -> Introduction:
    """Open an introduction the staff arranged after asking both sides."""
    sight.must_match(actor)
    if asking_id == giving_id:
        raise Invalid("two_sides_needed")
    with transaction():
        identity.get_organisation(asking_id)
        identity.get_organisation(giving_id)
        row = Introduction(
            origin="staff",
            title=title.strip(),
            asking_id=asking_id,
            giving_id=giving_id,
            owner_id=actor.member_id,
        )
        return _open(actor, row)


def open_from_reward(redemption_id: int, asking_id: int, giving_id: int, title: str) -> Introduction:
    """Open the introduction a redeemed reward promised; the same redemption opens one, however often it is told."""
    with transaction() as session:
        known = session.scalar(sa.select(Introduction).where(Introduction.redemption_id == redemption_id))
        if known is not None:
            return known
        row = Introduction(
            origin="reward", title=title, redemption_id=redemption_id, asking_id=asking_id, giving_id=giving_id,
            owner_id=_matchmaker(),
        )  # fmt: skip
        return _open(identity.SYSTEM, row)


def open_from_pack(actor: Actor, pack: ServicePack, item: PackItem) -> Introduction:
    """Open the introduction of a prospect to a neighbour that agreed; the prospect need not be a member yet."""
    with transaction():
        if item.organisation_id is None:
            raise Conflict("nobody_to_meet")
        row = Introduction(
            origin="pack",
            title=item.title or pack.name,
            pack_id=pack.id,
            pack_item_id=item.id,
            asking_id=pack.enterprise_id,
            giving_id=item.organisation_id,
            owner_id=pack.owner_id,
        )
        return _open(actor, row)


def _matchmaker() -> int | None:
    """Return the member who looks after new introductions: the first secretary, else none."""
    from app.identity.service.directory import members_with_role

    staff = members_with_role("committee_secretary") or members_with_role("investment_staff")
    return staff[0].id if staff else None
