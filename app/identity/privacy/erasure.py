"""Erasing what a person said in words: asked by one, decided by another; what was done and decided stays, without the name.

What goes and what stays is said on the page (`erasure.html`) and in `docs/methods/credits.md`; that the proofs hold afterwards
is `app.hall.db.proofs`' doing.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.hall import clock
from app.hall.db import proofs
from app.hall.db.base import db
from app.hall.db.transaction import after_commit, locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity.actor import SYSTEM, Actor
from app.identity.audit.service import audit
from app.identity.factors.service import drop_factors
from app.identity.members.independence import require_second_person
from app.identity.members.models import Member, SecretLink
from app.identity.members.resets import end_access
from app.identity.notifications.models import Notification
from app.identity.notifications.service import notify_member, notify_role
from app.identity.privacy.models import Erasure
from app.identity.roles import AUDITOR, PARK_ADMIN, RUNS_THE_PARK, SEES_ERASURES
from app.identity.sessions.models import ApiToken

AT_ONCE = 300  # rows of each table per transaction: nobody waits a second for it


def list_erasures(actor: Actor) -> list[Erasure]:
    """The newest hundred, newest first."""
    if not actor.may(SEES_ERASURES):
        raise NotAllowed("only_park_admin")
    return list(db.session.scalars(sa.select(Erasure).order_by(Erasure.id.desc()).limit(100)))


def may_decide(actor: Actor, row: Erasure) -> bool:
    """Whether the page offers the decision; who stands too close is told when they try."""
    two = actor.member_id not in (row.asked_by_id, row.member_id)
    return row.state == "asked" and two and actor.may(RUNS_THE_PARK)


def ask(actor: Actor, login: str, reason: str) -> Erasure:
    """Put the erasure of a deactivated member's words before a second administrator."""
    if not actor.may(RUNS_THE_PARK):
        raise NotAllowed("only_park_admin")
    if not reason.strip():
        raise Invalid("reason_required", at="reason")
    with transaction():
        member = db.session.scalar(locked(sa.select(Member).where(Member.login == login.strip())))
        if member is None:
            raise Invalid("erasure_no_such_login", login=login.strip(), at="login")
        if member.id == actor.member_id:
            raise NotAllowed("erasure_not_oneself")
        if member.status == "active":
            raise Conflict("erasure_still_active", login=member.login)
        standing = sa.select(Erasure.id).where(Erasure.member_id == member.id, Erasure.state != "refused")
        if db.session.scalar(standing) is not None:
            raise Conflict("erasure_standing")
        row = Erasure(
            member_id=member.id,
            state="asked",
            reason=reason.strip()[:300],
            asked_by_id=actor.member_id,
            asked_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        audit(actor, "erasure.requested", "erasure", row.id, row.reason)
        notify_role(PARK_ADMIN, "erasure_asked", "/privacy/erasures")
        return row


def decide(actor: Actor, erasure_id: int, agree: bool) -> Erasure:
    """The second administrator: account and name go at once, words in portions right after."""
    if not actor.may(RUNS_THE_PARK):
        raise NotAllowed("only_park_admin")
    with transaction():
        row = db.session.scalar(locked(sa.select(Erasure).where(Erasure.id == erasure_id)))
        if row is None:
            raise NotFound("erasure_not_found")
        if row.state != "asked":
            raise Conflict("erasure_decided")
        if actor.member_id in (row.asked_by_id, row.member_id):
            raise NotAllowed("erasure_second_person")
        require_second_person(actor, row.asked_by_id)
        member = db.session.scalars(locked(sa.select(Member).where(Member.id == row.member_id))).one()
        if agree and member.status == "active":
            raise Conflict("erasure_still_active", login=member.login)
        row.state = "agreed" if agree else "refused"
        row.decided_by_id, row.decided_at = actor.member_id, clock.now()
        audit(actor, "erasure.approved" if agree else "erasure.rejected", "erasure", row.id)
        if agree:
            _end_account(member)
            after_commit(go_on)
        else:
            notify_member(row.asked_by_id, "erasure_refused", "/privacy/erasures", number=row.id)
        return row


def _end_account(member: Member) -> None:
    """What only served to reach and recognise the person."""
    end_access(Actor(member.id, member.organisation_id, "", frozenset()), keep=False)
    drop_factors(member.id)
    own = (Notification, ApiToken)
    for model in own:
        db.session.execute(sa.delete(model).where(model.member_id == member.id))
    db.session.execute(
        sa.update(SecretLink)
        .where(SecretLink.member_id == member.id)
        .values(detail={"login": "", "salt": ""})
    )
    member.name, member.login = f"#{member.id}", f"erased-{member.id}"
    member.email = member.phone = member.password_hash = ""
    member.employed_since = member.last_sign_in_at = None


def go_on() -> None:
    """Erase what two people have agreed to, portion by portion; after a stop it goes on where it was."""
    waiting = db.session.scalars(
        sa.select(Erasure.id).where(Erasure.state == "agreed").order_by(Erasure.id)
    ).all()
    db.session.rollback()
    for erasure_id in waiting:
        while _portion(erasure_id):
            pass


def _portion(erasure_id: int) -> bool:
    """One portion; answers whether there may be more."""
    with transaction():
        row = db.session.scalars(locked(sa.select(Erasure).where(Erasure.id == erasure_id))).one()
        if row.state != "agreed":
            return False
        erased = proofs.erase_words(proofs.words_of(row.member_id, AT_ONCE))
        row.rows += erased
        if not erased:
            row.state, row.done_at = "done", clock.now()
            audit(SYSTEM, "erasure.done", "erasure", row.id, rows=row.rows)
            notify_member(row.asked_by_id, "erasure_done", "/privacy/erasures", number=row.id, rows=row.rows)
            notify_role(AUDITOR, "erasure_done", "/privacy/erasures", number=row.id, rows=row.rows)
        return bool(erased)
