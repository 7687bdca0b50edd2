"""Looking after members: who belongs to a firm, which roles they hold, which links are still open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app import clock
from app.db import db, locked, transaction
from app.errors import Conflict, NotAllowed, NotFound
from app.identity.models import Member, MemberRole, Organisation, SecretLink
from app.identity.service.actor import Actor
from app.identity.service.audit import audit
from app.identity.service.directory import escape_like
from app.identity.service.joining import FIRM_ROLES

PARK_ROLES = ("park_admin", "investment_staff", "credit_reviewer", "committee_secretary", "auditor")
UNIVERSITY_ROLES = ("university_office", "steward")


def roles_to_give(actor: Actor) -> tuple[str, ...]:
    """The roles `actor` may hand out in their own organisation."""
    given: tuple[str, ...] = ()
    if actor.has("enterprise_admin"):
        given += FIRM_ROLES
    if actor.has("park_admin"):
        given += PARK_ROLES
    if actor.has("university_office"):
        given += UNIVERSITY_ROLES
    return given


def may_manage(actor: Actor, organisation_id: int) -> bool:
    """Whether `actor` may deactivate members there and reset their passwords."""
    own = actor.organisation_id == organisation_id
    return actor.has("park_admin") or (own and actor.has("enterprise_admin"))


def member_statement(organisation_id: int, q: str = "", status: str = "") -> Any:
    """Members of an organisation with their roles, in no order yet."""
    statement = (
        sa.select(Member).where(Member.organisation_id == organisation_id).options(selectinload(Member.roles))
    )
    if status:
        statement = statement.where(Member.status == status)
    if q:
        like = f"%{escape_like(q)}%"
        statement = statement.where(
            sa.or_(*(column.ilike(like, escape="\\") for column in (Member.name, Member.login, Member.email)))
        )
    return statement


def get_colleague(actor: Actor, member_id: int) -> Member:
    """A member the actor may look after; others do not exist for them."""
    member = db.session.scalar(
        sa.select(Member).where(Member.id == member_id).options(selectinload(Member.roles))
    )
    if member is None or not may_manage(actor, member.organisation_id):
        raise NotFound("member_not_found", login="")
    return member


def change_roles(actor: Actor, member_id: int, roles: Iterable[str]) -> None:
    """Give a colleague exactly these roles; a firm never loses its last administrator."""
    wanted = set(roles)
    with transaction():
        db.session.execute(locked(sa.select(Member.id).where(Member.id == member_id)))
        member = get_colleague(actor, member_id)
        if member.organisation_id != actor.organisation_id or not wanted <= set(roles_to_give(actor)):
            raise NotAllowed("roles_not_yours_to_give")
        held = {row.role for row in member.roles}
        for role in ("enterprise_admin", "park_admin"):
            if role in held - wanted and not _others_with(role, member):
                raise Conflict("last_administrator")
        member.roles = [row for row in member.roles if row.role in wanted] + [
            MemberRole(role=role) for role in sorted(wanted - held)
        ]
        audit(actor, "member.roles", "member", member.id, before=sorted(held), after=sorted(wanted))


def _others_with(role: str, member: Member) -> bool:
    query = (
        sa.select(sa.func.count())
        .select_from(Member)
        .join(MemberRole, MemberRole.member_id == Member.id)
        .where(
            Member.organisation_id == member.organisation_id,
            Member.id != member.id,
            Member.status == "active",
            MemberRole.role == role,
        )
    )
    return bool(db.session.scalar(query))


def open_invitations(actor: Actor) -> list[SecretLink]:
    """Invitations of the actor's organisation that nobody has accepted yet."""
    query = sa.select(SecretLink).where(
        SecretLink.kind == "invitation",
        SecretLink.organisation_id == actor.organisation_id,
        SecretLink.used_at.is_(None),
        SecretLink.expires_at > clock.now(),
    )
    return list(db.session.scalars(query.order_by(SecretLink.id.desc())))


def withdraw_invitation(actor: Actor, link_id: int) -> None:
    """An invitation that is taken back can no longer be accepted."""
    with transaction():
        link = db.session.scalar(locked(sa.select(SecretLink).where(SecretLink.id == link_id)))
        if link is None or link.kind != "invitation" or link.organisation_id != actor.organisation_id:
            raise NotFound("link_ended")
        if link.used_at is not None:
            raise Conflict("link_ended")
        link.used_at = clock.now()
        audit(actor, "invitation.withdrawn", "secret_link", link.id)


def get_member(member_id: int) -> Member:
    return db.session.get_one(Member, member_id)


def set_language(actor: Actor, language: str) -> None:
    """Remember the language of somebody who has chosen one before."""
    with transaction():
        member = db.session.get_one(Member, actor.member_id)
        member.language = language


@dataclass(frozen=True)
class Registration:
    """A firm that asked to join, and who asked."""

    organisation: Organisation
    applicant: Member | None


def list_registrations(status: str = "pending") -> list[Registration]:
    query = sa.select(Organisation).where(Organisation.kind == "enterprise", Organisation.status == status)
    firms = list(db.session.scalars(query.order_by(Organisation.created_at, Organisation.id).limit(200)))
    applicants: dict[int, Member] = {}
    members = sa.select(Member).where(Member.organisation_id.in_([firm.id for firm in firms]))
    for member in db.session.scalars(members.order_by(Member.id.desc())):
        applicants[member.organisation_id] = member
    return [Registration(firm, applicants.get(firm.id)) for firm in firms]


def count_registrations() -> int:
    query = sa.select(sa.func.count()).select_from(Organisation).where(Organisation.status == "pending")
    return db.session.scalar(query) or 0


def organisation_statement(q: str = "", kind: str = "", status: str = "", industry: str = "") -> Any:
    """The directory of organisations, in no order yet."""
    statement = sa.select(Organisation)
    for column, wanted in (
        (Organisation.kind, kind),
        (Organisation.status, status),
        (Organisation.industry, industry),
    ):
        if wanted:
            statement = statement.where(column == wanted)
    if q:
        like = f"%{escape_like(q)}%"
        columns: tuple[Any, ...] = (Organisation.name_zh, Organisation.name_en, Organisation.code)
        statement = statement.where(sa.or_(*(column.ilike(like, escape="\\") for column in columns)))
    return statement


def count_members(organisation_ids: Iterable[int]) -> dict[int, int]:
    """How many active members each of these organisations has."""
    query = (
        sa.select(Member.organisation_id, sa.func.count())
        .where(Member.organisation_id.in_(list(organisation_ids)), Member.status == "active")
        .group_by(Member.organisation_id)
    )
    return {int(organisation_id): int(count) for organisation_id, count in db.session.execute(query)}


def park_figures() -> dict[str, int]:
    """How many firms and members take part."""
    firms = sa.select(sa.func.count()).where(
        Organisation.kind == "enterprise", Organisation.status == "active"
    )
    members = sa.select(sa.func.count()).select_from(Member).where(Member.status == "active")
    return {"firms": db.session.scalar(firms) or 0, "members": db.session.scalar(members) or 0}


def slice_organisations(
    q: str, kind: str, status: str, limit: int, offset: int
) -> tuple[list[Organisation], int]:
    """Organisations by offset (API), by code, and how many there are."""
    statement = organisation_statement(q, kind, status)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(statement.subquery())) or 0
    rows = db.session.scalars(statement.order_by(Organisation.code).limit(limit).offset(offset))
    return list(rows), total
