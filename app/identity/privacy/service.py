"""Consents: noted when they are given, kept when they are taken back, asked for before anything is done."""

from __future__ import annotations

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import NotAllowed, NotFound
from app.identity.actor import Actor
from app.identity.audit.service import audit
from app.identity.privacy.models import PersonalConsent
from app.identity.privacy.words import CHOSEN, PURPOSES


def consents_of(member_id: int) -> dict[str, PersonalConsent]:
    """What a member has said, by purpose; nothing where they were not asked yet."""
    query = sa.select(PersonalConsent).where(PersonalConsent.member_id == member_id)
    return {row.purpose: row for row in db.session.scalars(query)}


def has_withdrawn(member_id: int, purpose: str) -> bool:
    row = consents_of(member_id).get(purpose)
    return row is not None and row.withdrawn_at is not None


def give(actor: Actor, *purposes: str) -> None:
    """Note that a member agrees; who agreed before has not to be asked again."""
    with transaction():
        known = consents_of(actor.member_id)
        for purpose in purposes:
            if purpose not in PURPOSES:
                raise NotFound("purpose_unknown")
            row = known.get(purpose)
            if row is not None and row.withdrawn_at is None:
                continue
            if row is None:
                row = PersonalConsent(member_id=actor.member_id, purpose=purpose)
                db.session.add(row)
            row.given_at, row.withdrawn_at = clock.now(), None
            audit(actor, "consent.given", "member", actor.member_id, purpose=purpose)


def withdraw(actor: Actor, purpose: str) -> None:
    """Take a consent back, also one that was never noted: from now on nothing more is done for this purpose."""
    if purpose not in CHOSEN:
        raise NotFound("purpose_unknown")
    with transaction():
        row = consents_of(actor.member_id).get(purpose)
        if row is None:
            row = PersonalConsent(member_id=actor.member_id, purpose=purpose, given_at=clock.now())
            db.session.add(row)
        if row.withdrawn_at is None:
            row.withdrawn_at = clock.now()
            audit(actor, "consent.withdrawn", "member", actor.member_id, purpose=purpose)


def check_not_withdrawn(actor: Actor, purpose: str) -> None:
    """Refuse what a member has taken their consent back for; the page has told what it is for.

    Nothing is noted here: the moment of a first photograph would tell who made an anonymous report.
    """
    if not actor.is_system and has_withdrawn(actor.member_id, purpose):
        raise NotAllowed("consent_withdrawn", purpose=str(PURPOSES[purpose].title))
