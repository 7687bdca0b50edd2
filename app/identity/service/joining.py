"""How people come in: a firm registers and is approved, colleagues are invited, a lost password is reset."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db, locked, transaction
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity.models import Enterprise, Member, MemberRole, MemberSession, Organisation, SecretLink
from app.identity.service.actor import Actor
from app.identity.service.audit import audit
from app.identity.service.directory import next_enterprise_code
from app.identity.service.notifications import notify_organisation, notify_role
from app.identity.service.passwords import check_new_password, hash_password, password_matches
from app.identity.service.person import secret_hash
from app.identity.service.sessions import sign_out_everywhere

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,79}")
INVITATION_DAYS = 7
RESET_HOURS = 24
FIRM_ROLES = ("enterprise_admin", "enterprise_member", "steward")


def check_login(login: str) -> str:
    """The login in its stored form, if it is well-formed and free."""
    login = login.strip().lower()
    if not LOGIN.fullmatch(login):
        raise Invalid("login_malformed")
    if db.session.scalar(sa.select(Member.id).where(Member.login == login)) is not None:
        raise Conflict("login_taken", login=login)
    return login


def add_member(
    organisation_id: int,
    login: str,
    name: str,
    password: str,
    roles: Iterable[str],
    status: str = "active",
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
            roles=[MemberRole(role=role) for role in sorted(set(roles))],
            **more,
        )
        db.session.add(member)
        db.session.flush()
        return member


def register_enterprise(
    *, name_zh: str, name_en: str, credit_code: str, industry: str, size: str,
    applicant: str, login: str, email: str, phone: str, password: str,
) -> int:  # fmt: skip
    """A firm asks to join; nobody can sign in for it before the park approves."""
    check_new_password(password)
    with transaction():
        same = sa.select(Organisation.id).where(
            Organisation.credit_code == credit_code, Organisation.status.in_(("pending", "active"))
        )
        if credit_code and db.session.scalar(same) is not None:
            raise Conflict("enterprise_registered")
        firm = Enterprise(
            code=next_enterprise_code(), kind="enterprise", name_zh=name_zh, name_en=name_en, industry=industry,
            size=size, credit_code=credit_code, status="pending", created_at=clock.now(),
        )  # fmt: skip
        db.session.add(firm)
        db.session.flush()
        member = add_member(
            firm.id, login, applicant, password, ["enterprise_admin"], email=email, phone=phone
        )
        applicant_actor = Actor(member.id, firm.id, applicant, frozenset())
        audit(applicant_actor, "enterprise.registered", "organisation", firm.id, code=firm.code)
        notify_role("park_admin", "enterprise_registered_note", "/identity/registrations", name=name_zh)
        return firm.id


def pending_registrations() -> list[Organisation]:
    query = sa.select(Organisation).where(Organisation.status == "pending")
    return list(db.session.scalars(query.order_by(Organisation.created_at, Organisation.id)))


def decide_registration(actor: Actor, organisation_id: int, approve: bool, reason: str) -> None:
    """The park lets a firm in, or says why not."""
    if not actor.has("park_admin"):
        raise NotAllowed("only_park_admin")
    if not approve and not reason.strip():
        raise Invalid("reason_required")
    with transaction():
        firm = db.session.scalar(locked(sa.select(Organisation).where(Organisation.id == organisation_id)))
        if firm is None:
            raise NotFound("organisation_not_found")
        if firm.status != "pending":
            raise Conflict("registration_decided")
        firm.status = "active" if approve else "rejected"
        firm.note = reason.strip()
        audit(actor, f"enterprise.{firm.status}", "organisation", firm.id, reason)
        if approve:
            notify_organisation(firm.id, "enterprise_welcome", "/identity/members", name=firm.name_zh)


def invite(actor: Actor, name: str, email: str, roles: Iterable[str]) -> str:
    """A link with which a colleague joins the actor's organisation; answers its secret."""
    wanted = sorted(set(roles))
    allowed = set(FIRM_ROLES) if actor.has("enterprise_admin") else set()
    if actor.has("park_admin"):
        allowed |= {"investment_staff", "credit_reviewer", "committee_secretary", "park_admin", "auditor"}
    if actor.has("university_office"):
        allowed |= {"university_office", "steward"}
    if not wanted or not set(wanted) <= allowed:
        raise NotAllowed("roles_not_yours_to_give")
    detail = {"name": name.strip(), "email": email.strip(), "roles": wanted}
    with transaction():
        return _make_link(
            actor, "invitation", actor.organisation_id, None, dt.timedelta(days=INVITATION_DAYS), detail
        )


def reset_link(actor: Actor, member_id: int) -> str:
    """An administrator's link with which a member sets a new password; answers its secret."""
    with transaction():
        member = db.session.get(Member, member_id)
        own = member is not None and member.organisation_id == actor.organisation_id
        if member is None or not (actor.has("park_admin") or (own and actor.has("enterprise_admin"))):
            raise NotFound("member_not_found", login="")
        return _make_link(
            actor,
            "reset",
            member.organisation_id,
            member.id,
            dt.timedelta(hours=RESET_HOURS),
            {"login": member.login},
        )


def _make_link(
    actor: Actor,
    kind: str,
    organisation_id: int,
    member_id: int | None,
    valid: dt.timedelta,
    detail: dict[str, Any],
) -> str:
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    link = SecretLink(
        kind=kind, token_hash=secret_hash(secret), organisation_id=organisation_id, member_id=member_id,
        detail=detail, created_by_id=actor.member_id, created_at=now, expires_at=now + valid,
    )  # fmt: skip
    db.session.add(link)
    db.session.flush()
    audit(actor, f"{kind}.created", "secret_link", link.id)
    return secret


def get_link(kind: str, secret: str) -> SecretLink:
    """A link that can still be used."""
    query = sa.select(SecretLink).where(SecretLink.kind == kind, SecretLink.token_hash == secret_hash(secret))
    link = db.session.scalar(locked(query))
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        raise NotFound("link_ended")
    return link


def accept_invitation(secret: str, login: str, password: str, name: str) -> None:
    check_new_password(password)
    with transaction():
        link = get_link("invitation", secret)
        member = add_member(
            link.organisation_id,
            login,
            name,
            password,
            link.detail["roles"],
            email=link.detail.get("email", ""),
        )
        link.used_at = clock.now()
        audit(
            Actor(member.id, member.organisation_id, name, frozenset()),
            "invitation.accepted",
            "member",
            member.id,
        )


def reset_password(secret: str, password: str) -> None:
    """Set a new password by a reset link; every session of the member ends."""
    check_new_password(password)
    with transaction():
        link = get_link("reset", secret)
        member = db.session.get_one(Member, link.member_id)
        member.password_hash = hash_password(password)
        link.used_at = clock.now()
        db.session.execute(sa.delete(MemberSession).where(MemberSession.member_id == member.id))
        audit(
            Actor(member.id, member.organisation_id, member.name, frozenset()),
            "password.reset",
            "member",
            member.id,
        )


def change_password(actor: Actor, current: str, new: str, session_id: int) -> None:
    """Change one's own password; all other sessions end."""
    check_new_password(new)
    with transaction():
        member = db.session.get_one(Member, actor.member_id)
        if not password_matches(member.password_hash, current):
            raise Invalid("password_wrong")
        member.password_hash = hash_password(new)
        audit(actor, "password.changed", "member", member.id)
        sign_out_everywhere(actor, except_session_id=session_id)


def set_member_status(actor: Actor, member_id: int, active: bool, reason: str = "") -> None:
    """Deactivate or reactivate a colleague; the last administrator of a firm stays."""
    with transaction():
        member = db.session.get(Member, member_id)
        own = member is not None and member.organisation_id == actor.organisation_id
        if member is None or not (actor.has("park_admin") or (own and actor.has("enterprise_admin"))):
            raise NotFound("member_not_found", login="")
        if member.id == actor.member_id:
            raise Conflict("not_yourself")
        member.status = "active" if active else "deactivated"
        if not active:
            db.session.execute(sa.delete(MemberSession).where(MemberSession.member_id == member.id))
        audit(actor, "member.activated" if active else "member.deactivated", "member", member.id, reason)


def update_profile(actor: Actor, name: str, email: str, phone: str, language: str) -> None:
    with transaction():
        member = db.session.get_one(Member, actor.member_id)
        member.name, member.email, member.phone, member.language = (
            name.strip(),
            email.strip(),
            phone.strip(),
            language,
        )
