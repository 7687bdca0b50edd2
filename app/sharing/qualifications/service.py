"""Trainings that instruments ask for: who defines them, who holds them, until when."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing import access
from app.sharing.catalogue.models import Resource
from app.sharing.qualifications.models import MemberQualification, Qualification

CODE = re.compile(r"[A-Za-z0-9_-]{2,30}")
LONGEST = dt.timedelta(days=3660)


def may_grant(actor: Actor, row: Qualification) -> bool:
    """The park grants every qualification, an owner those it defined itself."""
    if actor.is_system or actor.may(roles.RUNS_ALL_RESOURCES):
        return True
    return row.owner_id is not None and access.runs(actor, row.owner_id)


@dataclass(frozen=True)
class Needed:
    """The training an instrument asks for, who grants it, and how this member stands."""

    id: int
    name: str
    grantor: str
    held: bool
    expires_on: dt.date | None


def needed_by(actor: Actor, resource: Resource) -> Needed | None:
    """What this member needs for an instrument of somebody else; nothing where it asks for no training."""
    if resource.qualification_id is None or resource.owner_id == actor.organisation_id:
        return None
    row = db.session.get_one(Qualification, resource.qualification_id)
    held = db.session.scalar(
        sa.select(MemberQualification).where(
            MemberQualification.qualification_id == row.id, MemberQualification.member_id == actor.member_id
        )
    )
    expires = held.expires_on if held is not None else None
    valid = held is not None and (expires is None or expires >= clock.today())
    return Needed(row.id, row.name, identity.get_organisation(_grantor(row)).name, valid, expires)


def apply(actor: Actor, qualification_id: int) -> None:
    """Ask those who grant it for a training: they are told who asks, once a day."""
    access.require_writer(actor)
    with transaction():
        row = db.session.get(Qualification, qualification_id)
        if row is None:
            raise NotFound("qualification_unknown")
        since = clock.now() - dt.timedelta(days=1)
        asked = identity.events_about("qualification", row.id, 500)
        if any(
            event.action == "qualification.asked" and event.member_id == actor.member_id and event.at > since
            for event in asked
        ):
            raise Conflict("qualification_asked_before")
        identity.audit(actor, "qualification.asked", "qualification", row.id)
        identity.notify_organisation(
            _grantor(row),
            "qualification_asked",
            "/sharing/qualifications",
            roles=roles.OFFERS_RESOURCES,
            firm=identity.organisation_of(actor).name,
            name=row.name,
            member=identity.get_member(actor.member_id).name,
        )


def _grantor(row: Qualification) -> int:
    """The owner that defined it, or the park for its own."""
    if row.owner_id is not None:
        return row.owner_id
    return int(identity.list_organisations("park").items[0].id)


def visible(actor: Actor, asked_by: Resource | None = None) -> list[Qualification]:
    """What an instrument of this actor may ask for: its own and the park's, and what `asked_by` asks for already.

    The park and its auditor see all.
    """
    query = sa.select(Qualification).order_by(Qualification.code).limit(500)
    if not actor.may(roles.SEES_ALL_BOOKINGS):
        query = query.where(
            sa.or_(
                Qualification.owner_id.is_(None),
                Qualification.owner_id == actor.organisation_id,
                Qualification.id == (asked_by.qualification_id if asked_by else None),
            )
        )
    return list(db.session.scalars(query))


def require_askable(actor: Actor, qualification_id: int | None, asked_by: Resource | None = None) -> None:
    """An instrument asks for the park's qualifications and its owner's own, never for another firm's."""
    if qualification_id is None or actor.is_system:
        return
    if qualification_id not in {row.id for row in visible(actor, asked_by)}:
        raise Invalid("qualification_unknown")


def define(actor: Actor, code: str, name: str) -> Qualification:
    """The park's qualifications belong to nobody, an owner's to itself."""
    if not access.can_list(actor):
        raise NotAllowed("sharing_owner_only")
    code, name = code.strip(), name.strip()[:120]
    if not CODE.fullmatch(code) or not name:
        raise Invalid("qualification_code")
    with transaction():
        row = Qualification(
            code=code,
            name=name,
            owner_id=None if actor.may(roles.RUNS_ALL_RESOURCES) else actor.organisation_id,
        )
        try:
            with db.session.begin_nested():
                db.session.add(row)
        except sa.exc.IntegrityError as clash:
            raise Conflict("qualification_taken", code=code) from clash
        identity.audit(actor, "qualification.defined", "qualification", row.id, code=code)
        return row


def _grantable(actor: Actor, qualification_id: int) -> Qualification:
    """Locked: two grants to one member never meet."""
    query = sa.select(Qualification).where(Qualification.id == qualification_id)
    row: Qualification | None = db.session.scalar(locked(query))
    if row is None:
        raise NotFound("qualification_unknown")
    if not may_grant(actor, row):
        raise NotAllowed("qualification_not_yours")
    return row


def grant(
    actor: Actor, qualification_id: int, organisation_code: str, login: str, expires_on: dt.date | None
) -> MemberQualification:
    """Trained; a second grant to the same member renews the first."""
    today = clock.today()
    if expires_on is not None and not today <= expires_on <= today + LONGEST:
        raise Invalid("qualification_until")
    with transaction():
        row = _grantable(actor, qualification_id)
        member_id = _member(organisation_code.strip(), login.strip())
        held = db.session.scalar(
            sa.select(MemberQualification).where(
                MemberQualification.qualification_id == row.id, MemberQualification.member_id == member_id
            )
        )
        if held is None:
            held = MemberQualification(qualification_id=row.id, member_id=member_id)
            db.session.add(held)
        held.expires_on, held.granted_at = expires_on, clock.now()
        db.session.flush()
        until = expires_on.isoformat() if expires_on else ""
        identity.audit(actor, "qualification.granted", "member", member_id, code=row.code, until=until)
        identity.notify_member(member_id, "qualification_granted", "/sharing/resources", name=row.name)
        return held


def _member(organisation_code: str, login: str) -> int:
    organisation = identity.find_organisation(organisation_code)
    people = identity.members_of(organisation.id) if organisation else []
    for member in people:
        if member.login == login:
            return member.id
    raise Invalid("qualification_member", organisation=organisation_code[:40], login=login[:60])


def revoke(actor: Actor, held_id: int) -> None:
    """No new bookings with it from now on; bookings that stand are for the owner to cancel."""
    with transaction():
        held = db.session.get(MemberQualification, held_id)
        if held is None:
            raise NotFound("qualification_unknown")
        member_id = held.member_id
        row = _grantable(actor, held.qualification_id)
        again = sa.select(MemberQualification.id).where(MemberQualification.id == held_id)
        if db.session.scalar(again) is None:  # another session was quicker
            raise NotFound("qualification_unknown")
        db.session.execute(sa.delete(MemberQualification).where(MemberQualification.id == held_id))
        identity.audit(actor, "qualification.revoked", "member", member_id, code=row.code)
        identity.notify_member(member_id, "qualification_revoked", "/sharing/resources", name=row.name)


def holders_statement(rows: Sequence[Qualification]) -> sa.Select[MemberQualification]:
    return sa.select(MemberQualification).where(
        MemberQualification.qualification_id.in_([row.id for row in rows])
    )
