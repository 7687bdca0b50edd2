"""A lost factor: one administrator asks, another confirms, as with passwords; the member and the auditors are told."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity.actor import Actor
from app.identity.audit.service import audit
from app.identity.factors.models import FactorLoss
from app.identity.factors.service import drop_factors, factors_of
from app.identity.mail.service import mail_member
from app.identity.members.models import Member
from app.identity.members.resets import may_confirm
from app.identity.members.service import get_colleague
from app.identity.notifications.service import notify_member, notify_role
from app.identity.roles import AUDITOR, CONFIRMS_RESETS, RUNS_THE_PARK
from app.identity.sessions.browsers import end_browsers
from app.identity.sessions.models import MemberSession

HOURS = 24


def ask_loss(actor: Actor, member_id: int, reason: str) -> None:
    """An administrator says that a colleague's factors are lost; nothing ends before another has confirmed."""
    if not reason.strip():
        raise Invalid("reason_required", at="reason")
    now = clock.now()
    with transaction():
        member = get_colleague(actor, member_id)
        if member.id == actor.member_id:
            raise NotAllowed("loss_not_yourself")
        if not factors_of(member.id):
            raise Conflict("factors_none", name=member.name)
        db.session.execute(
            sa.delete(FactorLoss).where(FactorLoss.member_id == member.id, FactorLoss.confirmed_at.is_(None))
        )
        row = FactorLoss(
            member_id=member.id,
            organisation_id=member.organisation_id,
            reason=reason.strip()[:300],
            created_by_id=actor.member_id,
            created_at=now,
            expires_at=now + dt.timedelta(hours=HOURS),
        )
        db.session.add(row)
        db.session.flush()
        _tell(actor, member, "factor_loss_asked")
        for role in sorted(RUNS_THE_PARK):
            notify_role(role, "factor_loss_waits", "/identity/resets", name=member.name, by=actor.name)
        audit(actor, "factor.loss_asked", "member", member.id, reason=row.reason, login=member.login)


def confirm_loss(actor: Actor, loss_id: int) -> str:
    """The second administrator agrees: factors, recovery codes and sessions end. Answers the member's name."""
    with transaction():
        row = db.session.scalar(locked(sa.select(FactorLoss).where(FactorLoss.id == loss_id)))
        if row is None or row.confirmed_at is not None or row.expires_at <= clock.now():
            raise NotFound("link_ended")
        if not may_confirm(actor, row):
            raise NotAllowed("reset_needs_another")
        member = db.session.get_one(Member, row.member_id)
        row.confirmed_by_id, row.confirmed_at = actor.member_id, clock.now()
        drop_factors(member.id)
        db.session.execute(sa.delete(MemberSession).where(MemberSession.member_id == member.id))
        end_browsers(member.id)
        _tell(actor, member, "factor_loss_confirmed")
        audit(actor, "factor.loss_confirmed", "member", member.id, reason=row.reason, login=member.login)
        return member.name


def _tell(actor: Actor, member: Member, code: str) -> None:
    notify_member(member.id, code, "/identity/second-factor", name=member.name, by=actor.name)
    mail_member(member.id, code, "/identity/second-factor", name=member.name, by=actor.name)
    notify_role(AUDITOR, code, "/identity/resets", name=member.name, by=actor.name)


def open_losses(actor: Actor) -> list[FactorLoss]:
    """Lost factors that wait for a second person and that this reader asked for, may confirm or oversees."""
    if not actor.may(CONFIRMS_RESETS):
        return []
    query = sa.select(FactorLoss).where(
        FactorLoss.confirmed_at.is_(None), FactorLoss.expires_at > clock.now()
    )
    if not actor.has(AUDITOR) and not actor.may(RUNS_THE_PARK):
        query = query.where(FactorLoss.organisation_id == actor.organisation_id)
    return list(db.session.scalars(query.order_by(FactorLoss.id)))
