"""Looking after members: who belongs to a firm, which roles they hold, who may change that."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.hall.rooms import declared_roles
from app.hall.text.normalise import escape_like
from app.identity.actor import Actor
from app.identity.audit.service import audit
from app.identity.members import rules
from app.identity.members.models import Member, MemberRole
from app.identity.organisations.models import Organisation
from app.identity.roles import GIVES_ROLES_OF, MANAGES_OWN_ORGANISATION, NEVER_WITHOUT_ONE, RUNS_THE_PARK
from app.identity.sessions.browsers import end_browsers
from app.identity.sessions.models import MemberSession
from app.identity.sessions.passwords import hash_password


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
        actor = _lock_members(actor, member_id)
        member = get_colleague(actor, member_id)
        held = {row.role for row in member.roles}
        given = roles_to_give(actor) if member.organisation_id == actor.organisation_id else ()
        rules.check_change(held, wanted, given, _last_ones(member, held))
        member.roles = [row for row in member.roles if row.role in wanted] + [
            MemberRole(role=role, given_by_id=actor.member_id or None, given_at=clock.now())
            for role in sorted(wanted - held)
        ]
        audit(actor, "member.roles", "member", member.id, before=sorted(held), after=sorted(wanted))


def _lock_members(actor: Actor, member_id: int) -> Actor:
    """Hold the member's organisation, so that two changes of its members never see the same state.

    Answers the actor with the roles they still hold: who was removed while waiting decides nothing any more.
    """
    organisation_id = db.session.scalar(sa.select(Member.organisation_id).where(Member.id == member_id))
    wanted = sorted({actor.organisation_id, organisation_id or actor.organisation_id})
    query = sa.select(Organisation.id).where(Organisation.id.in_(wanted)).order_by(Organisation.id)
    db.session.execute(locked(query))
    if actor.is_system:
        return actor
    held = (
        sa.select(MemberRole.role)
        .join(Member, Member.id == MemberRole.member_id)
        .where(MemberRole.member_id == actor.member_id, Member.status == "active")
    )
    return dataclasses.replace(actor, roles=frozenset(db.session.scalars(held)))


def _last_ones(member: Member, held: Collection[str]) -> list[str]:
    """The roles that nobody else of the organisation could take over from this member."""
    if member.status != "active":
        return []
    return [role for role in NEVER_WITHOUT_ONE if role in held and not _others_with(role, member)]


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


def get_member(member_id: int) -> Member:
    return db.session.get_one(Member, member_id)


def members_by_id(ids: Iterable[int]) -> dict[int, Member]:
    """Members by their number, in one statement."""
    query = sa.select(Member).where(Member.id.in_(sorted(set(ids))))
    return {one.id: one for one in db.session.scalars(query)}


def set_language(actor: Actor, language: str) -> None:
    """Remember the language of somebody who has chosen one before."""
    with transaction():
        member = db.session.get_one(Member, actor.member_id)
        member.language = language


LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,79}")


def roles_to_give(actor: Actor) -> tuple[str, ...]:
    """The roles `actor` may hand out in their own organisation."""
    declared = {code: role.held_in for code, role in declared_roles().items()}
    return rules.roles_given(actor.roles, GIVES_ROLES_OF, declared)


def may_manage(actor: Actor, organisation_id: int) -> bool:
    """Whether `actor` may deactivate members there and reset their passwords."""
    own = actor.organisation_id == organisation_id
    return actor.may(RUNS_THE_PARK) or (own and actor.may(MANAGES_OWN_ORGANISATION))


def check_login(login: str) -> str:
    """The login in its stored form, if it is well-formed and free."""
    login = login.strip().lower()
    if not LOGIN.fullmatch(login):
        raise Invalid("login_malformed")
    if db.session.scalar(sa.select(Member.id).where(Member.login == login)) is not None:
        raise Conflict("login_taken", login=login)
    return login


def free_login(login: str, code: str) -> str:
    """The login somebody wishes for, or one with the firm's code behind it where it is taken.

    A registration answers the same either way: strangers must not learn which logins exist.
    """
    try:
        return check_login(login)
    except Conflict:
        return check_login(f"{login.strip().lower()[:60]}.{code.lower()}")


def add_member(
    organisation_id: int,
    login: str,
    name: str,
    password: str,
    roles: Iterable[str],
    status: str = "active",
    given_by: int | None = None,
    **more: Any,
) -> Member:
    """A new member row; the caller has checked who may do this."""
    with transaction():
        member = Member(
            organisation_id=organisation_id,
            login=check_login(login),
            name=name.strip(),
            password_hash=hash_password(password) if password else "",
            status=status,
            created_at=clock.now(),
            roles=[
                MemberRole(role=role, given_by_id=given_by, given_at=clock.now())
                for role in sorted(set(roles))
            ],
            **more,
        )
        db.session.add(member)
        db.session.flush()
        return member


def set_member_status(actor: Actor, member_id: int, active: bool, reason: str = "") -> None:
    """Deactivate or reactivate a colleague; the last administrator of a firm stays."""
    with transaction():
        actor = _lock_members(actor, member_id)
        member = get_colleague(actor, member_id)
        if member.id == actor.member_id:
            raise Conflict("not_yourself")
        if not active:
            held = {row.role for row in member.roles}
            rules.check_change(held, (), (), _last_ones(member, held))
            db.session.execute(sa.delete(MemberSession).where(MemberSession.member_id == member.id))
            end_browsers(member.id)
        member.status = "active" if active else "deactivated"
        audit(actor, "member.activated" if active else "member.deactivated", "member", member.id, reason)


def set_employed_since(actor: Actor, member_id: int, day: dt.date | None) -> None:
    """Note since when somebody works here; three years in service and the like are reckoned from it."""
    if day is not None and day > clock.today():
        raise Invalid("employed_in_the_future")
    with transaction():
        member = get_colleague(actor, member_id)
        member.employed_since = day
        audit(actor, "member.employed_since", "member", member.id, day=day.isoformat() if day else None)


def update_profile(actor: Actor, name: str, email: str, phone: str, language: str) -> None:
    with transaction():
        member = db.session.get_one(Member, actor.member_id)
        member.name, member.email, member.phone, member.language = (
            name.strip(),
            email.strip(),
            phone.strip(),
            language,
        )
