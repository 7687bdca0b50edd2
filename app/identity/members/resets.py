"""A lost password: an administrator asks, a second one confirms where it matters, only the member gets the way in.

With mail the link goes to the member. Without, the code is cut in two: who asked and who confirmed each see one half,
and only the member is given both. Nobody who starts a reset can finish it alone.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import NotAllowed, NotFound
from app.hall.jobs import emit
from app.identity.actor import Actor
from app.identity.audit.service import audit
from app.identity.mail.service import can_mail, mail_member
from app.identity.members import rules
from app.identity.members.codes import code_of, halves, plain_code
from app.identity.members.independence import stand_apart
from app.identity.members.links import get_link
from app.identity.members.models import Member, MemberRole, SecretLink
from app.identity.members.person import secret_hash
from app.identity.members.service import get_colleague, may_manage
from app.identity.notifications.service import notify_member, notify_role
from app.identity.organisations.directory import get_organisation
from app.identity.roles import AUDITOR, CHECKS_OTHERS, CONFIRMS_RESETS, MANAGES_OWN_FIRM, RUNS_THE_PARK
from app.identity.sessions.browsers import end_browsers
from app.identity.sessions.models import ApiToken, MemberSession
from app.identity.sessions.passwords import check_new_password, hash_password

RESET_HOURS = 24
ENDED = "identity.password_replaced"


@dataclass(frozen=True)
class Step:
    """What an administrator is told after asking or confirming."""

    mailed: bool
    waits: bool  # for a second administrator
    half: str  # of the code, where no mail can carry it


def ask_reset(actor: Actor, member_id: int) -> Step:
    """An administrator starts the reset of a colleague's password; the member and the auditors are told."""
    with transaction():
        member = get_colleague(actor, member_id)
        if member.id == actor.member_id:
            raise NotAllowed("reset_not_yourself")
        _end_open_resets(member.id)
        mailed = can_mail(member)
        second = rules.reset_needs_second({row.role for row in member.roles}, CHECKS_OTHERS, mailed)
        salt = secrets.token_hex(16)
        link = _reset_row(actor, member, salt, second, mailed)
        _tell(actor, member, "reset_asked")
        audit(actor, "reset.created", "secret_link", link.id, login=member.login, second=second)
        if second:
            _tell_confirmers(actor, member)
        elif mailed:
            mail_member(member.id, "reset_letter", "/identity/reset/", salt=salt, hours=RESET_HOURS)
        return Step(mailed, second, "" if mailed else halves(code_of(salt))[0])


def _reset_row(actor: Actor, member: Member, salt: str, second: bool, mailed: bool) -> SecretLink:
    now = clock.now()
    link = SecretLink(
        kind="reset",
        token_hash=secret_hash(code_of(salt)),
        organisation_id=member.organisation_id,
        member_id=member.id,
        detail={"login": member.login, "salt": salt},
        created_by_id=actor.member_id,
        created_at=now,
        expires_at=now + dt.timedelta(hours=RESET_HOURS),
        needs_second=second,
        mailed=mailed,
    )
    db.session.add(link)
    db.session.flush()
    return link


def confirm_reset(actor: Actor, link_id: int) -> Step:
    """The second administrator agrees; only now can the member use what they get."""
    with transaction():
        link = db.session.scalar(locked(sa.select(SecretLink).where(SecretLink.id == link_id)))
        if link is None or link.kind != "reset" or not _is_open(link) or link.confirmed_at is not None:
            raise NotFound("link_ended")
        if not may_confirm(actor, link):
            raise NotAllowed("reset_needs_another")
        member = db.session.get_one(Member, link.member_id)
        link.confirmed_by_id, link.confirmed_at = actor.member_id, clock.now()
        _tell(actor, member, "reset_confirmed")
        audit(actor, "reset.confirmed", "secret_link", link.id, login=member.login)
        salt = str(link.detail["salt"])
        if link.mailed:
            mail_member(member.id, "reset_letter", "/identity/reset/", salt=salt, hours=RESET_HOURS)
        return Step(bool(link.mailed), False, "" if link.mailed else halves(code_of(salt))[1])


def _is_open(link: SecretLink) -> bool:
    return link.used_at is None and link.expires_at > clock.now()


class AskedByOne(Protocol):
    """Something that one person asked for about a member, and that a second one must confirm."""

    @property
    def created_by_id(self) -> int: ...
    @property
    def member_id(self) -> int | None: ...
    @property
    def organisation_id(self) -> int: ...


def may_confirm(actor: Actor, link: AskedByOne) -> bool:
    """Whether this is the second person; an auditor only where no other administrator is left."""
    if actor.member_id in (link.created_by_id, link.member_id) or not stand_apart(
        actor.member_id, link.created_by_id
    ):
        return False
    if may_manage(actor, link.organisation_id):
        return True
    return actor.has(AUDITOR) and not _other_administrators(link)


def _other_administrators(link: AskedByOne) -> list[int]:
    """Who else could confirm: other administrators of the park, and of the firm itself."""
    own = sa.and_(
        Member.organisation_id == link.organisation_id, MemberRole.role.in_(sorted(MANAGES_OWN_FIRM))
    )
    query = (
        sa.select(Member.id)
        .join(MemberRole, MemberRole.member_id == Member.id)
        .where(
            Member.status == "active",
            Member.id.not_in([link.created_by_id, link.member_id or 0]),
            sa.or_(own, MemberRole.role.in_(sorted(RUNS_THE_PARK))),
        )
    )
    return sorted(set(db.session.scalars(query)))


def _tell(actor: Actor, member: Member, code: str) -> None:
    """The member and the auditors learn of every step, whoever takes it."""
    notify_member(member.id, code, "/identity/security", name=member.name, by=actor.name)
    mail_member(member.id, code, "/identity/security", name=member.name, by=actor.name)
    notify_role(AUDITOR, code, "/identity/resets", name=member.name, by=actor.name)


def _tell_confirmers(actor: Actor, member: Member) -> None:
    for role in sorted(RUNS_THE_PARK):
        notify_role(role, "reset_waits", "/identity/resets", name=member.name, by=actor.name)


def _end_open_resets(member_id: int) -> None:
    """A new reset, or a new password, ends the links that were made before."""
    db.session.execute(
        sa.update(SecretLink)
        .where(SecretLink.kind == "reset", SecretLink.member_id == member_id, SecretLink.used_at.is_(None))
        .values(used_at=clock.now())
    )


def open_resets(actor: Actor) -> list[SecretLink]:
    """Resets that wait for a second person and that this reader asked for, may confirm or oversees."""
    if not actor.may(CONFIRMS_RESETS):
        return []
    query = sa.select(SecretLink).where(
        SecretLink.kind == "reset",
        SecretLink.needs_second.is_(True),
        SecretLink.confirmed_at.is_(None),
        SecretLink.used_at.is_(None),
        SecretLink.expires_at > clock.now(),
    )
    if not actor.has(AUDITOR) and not actor.may(RUNS_THE_PARK):
        query = query.where(SecretLink.organisation_id == actor.organisation_id)
    return list(db.session.scalars(query.order_by(SecretLink.id)))


def get_reset(code: str) -> SecretLink:
    """A reset that can be used now: open, and confirmed where it has to be."""
    link = get_link("reset", plain_code(code) if "-" in code or " " in code else code)
    if link.needs_second and link.confirmed_at is None:
        raise NotFound("link_ended")
    return link


def reset_password(code: str, password: str, keep: bool = False) -> None:
    """Set a new password by a reset; sessions and other links end, tokens and feeds too unless kept by choice."""
    link = get_reset(code)
    member = db.session.get_one(Member, link.member_id)
    firm = get_organisation(member.organisation_id)
    check_new_password(password, member.login, member.name, firm.name_zh, firm.name_en, firm.code)
    hashed = hash_password(password)
    with transaction():
        link = get_reset(code)
        member = db.session.get_one(Member, link.member_id)
        member.password_hash = hashed
        member.password_by_id, member.password_at = link.created_by_id, clock.now()
        link.used_at = clock.now()
        end_access(Actor(member.id, member.organisation_id, member.name, frozenset()), keep=keep)
        _tell(Actor(member.id, member.organisation_id, member.name, frozenset()), member, "password_replaced")
        audit(
            Actor(member.id, member.organisation_id, member.name, frozenset()),
            "password.reset",
            "member",
            member.id,
            kept=keep,
        )


def end_access(actor: Actor, keep: bool, except_session_id: int = 0) -> None:
    """End what the old password opened; inside a transaction."""
    now = clock.now()
    _end_open_resets(actor.member_id)
    db.session.execute(
        sa.delete(MemberSession).where(
            MemberSession.member_id == actor.member_id, MemberSession.id != except_session_id
        )
    )
    end_browsers(actor.member_id)
    if keep:
        return
    db.session.execute(
        sa.update(ApiToken)
        .where(ApiToken.member_id == actor.member_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    emit(ENDED, {"member_id": actor.member_id})
