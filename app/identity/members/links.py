"""Links used once: a colleague is invited, a lost password is reset."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, NotAllowed, NotFound
from app.identity.actor import Actor
from app.identity.audit.service import audit
from app.identity.members.codes import code_of
from app.identity.members.models import Member, SecretLink
from app.identity.members.person import secret_hash
from app.identity.members.service import add_member, roles_to_give
from app.identity.organisations.directory import get_organisation
from app.identity.privacy.service import give
from app.identity.privacy.words import ACCOUNT, MESSAGES
from app.identity.sessions.passwords import check_new_password, hash_password

INVITATION_DAYS = 7
FIRST_HOURS = 24


def invite(actor: Actor, name: str, email: str, roles: Iterable[str]) -> str:
    """A link with which a colleague joins the actor's organisation; answers its secret."""
    wanted = sorted(set(roles))
    if not wanted or not set(wanted) <= set(roles_to_give(actor)):
        raise NotAllowed("roles_not_yours_to_give")
    detail = {"name": name.strip(), "email": email.strip(), "roles": wanted}
    with transaction():
        return _make_link(
            actor, "invitation", actor.organisation_id, None, dt.timedelta(days=INVITATION_DAYS), detail
        )


def make_invitation(
    actor: Actor, organisation_id: int, name: str, email: str, roles: Iterable[str]
) -> SecretLink:
    """A link for the first person of an organisation; the caller has checked who may do this. Inside a transaction."""
    detail = {
        "name": name.strip(),
        "email": email.strip(),
        "roles": sorted(set(roles)),
        "salt": secrets.token_hex(16),
    }
    link = SecretLink(
        kind="invitation",
        token_hash=secret_hash(code_of(f"invitation:{detail['salt']}")),
        organisation_id=organisation_id,
        member_id=None,
        detail=detail,
        created_by_id=actor.member_id,
        created_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(days=INVITATION_DAYS),
    )
    db.session.add(link)
    db.session.flush()
    audit(actor, "invitation.created", "secret_link", link.id)
    return link


def salt_of(link: SecretLink) -> str:
    """What the link's secret is made of, together with the park's key."""
    return f"invitation:{link.detail['salt']}"


def secret_of(link_id: int) -> str:
    """The secret of a link whose salt is kept, as long as it can still be used."""
    link = db.session.get(SecretLink, link_id)
    if link is None or "salt" not in link.detail or link.used_at is not None:
        raise NotFound("link_ended")
    return code_of(salt_of(link))


def is_open() -> sa.ColumnElement[bool]:
    """An invitation that can still be used."""
    return sa.and_(
        SecretLink.kind == "invitation", SecretLink.used_at.is_(None), SecretLink.expires_at > clock.now()
    )


def open_links(organisation_id: int) -> list[SecretLink]:
    """Invitations to an organisation that can still be used, the newest first."""
    query = sa.select(SecretLink).where(is_open(), SecretLink.organisation_id == organisation_id)
    return list(db.session.scalars(query.order_by(SecretLink.id.desc())))


def first_link(member: Member) -> str:
    """The link with which the very first administrator sets a password; answers its secret."""
    founder = Actor(member.id, member.organisation_id, member.name, frozenset())
    with transaction():
        return _make_link(
            founder,
            "reset",
            member.organisation_id,
            member.id,
            dt.timedelta(hours=FIRST_HOURS),
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
    secret = secrets.token_hex(24)  # no hyphen: a reset reads those as the blanks of a code that was typed
    now = clock.now()
    link = SecretLink(
        kind=kind,
        token_hash=secret_hash(secret),
        organisation_id=organisation_id,
        member_id=member_id,
        detail=detail,
        created_by_id=actor.member_id,
        created_at=now,
        expires_at=now + valid,
    )
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
    firm = get_organisation(get_link("invitation", secret).organisation_id)
    check_new_password(password, login, name, firm.name_zh, firm.name_en, firm.code)
    hashed = hash_password(password)
    with transaction():
        link = get_link("invitation", secret)
        member = add_member(
            link.organisation_id,
            login,
            name,
            "",
            link.detail["roles"],
            given_by=link.created_by_id,
            email=link.detail.get("email", ""),
        )
        # Who made the link could have used it: the password counts as theirs for a few days.
        member.password_hash = hashed
        member.password_by_id, member.password_at = link.created_by_id, clock.now()
        link.used_at = clock.now()
        give(Actor(member.id, member.organisation_id, name, frozenset()), ACCOUNT, MESSAGES)
        audit(
            Actor(member.id, member.organisation_id, name, frozenset()),
            "invitation.accepted",
            "member",
            member.id,
        )


def open_invitations(actor: Actor) -> list[SecretLink]:
    """Invitations of the actor's organisation that nobody has accepted yet."""
    return open_links(actor.organisation_id)


def renew_invitation(actor: Actor, link_id: int) -> tuple[str, str]:
    """Another link for somebody who is invited already; the earlier one ends. Answers the name and the secret."""
    with transaction():
        link = db.session.scalar(locked(sa.select(SecretLink).where(SecretLink.id == link_id)))
        withdraw_invitation(actor, link_id)
        assert link is not None  # withdrawing would have refused
        return link.detail["name"], invite(
            actor, link.detail["name"], link.detail["email"], link.detail["roles"]
        )


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
