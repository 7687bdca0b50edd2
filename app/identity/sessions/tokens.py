"""API tokens: made once, shown once, kept as a hash, limited in scope and time."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable

import sqlalchemy as sa
from flask import abort, request

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.single_statement import read_at_once
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, NotFound
from app.identity.actor import Actor, OrganisationInfo
from app.identity.audit.service import audit
from app.identity.members.models import Member, MemberRole
from app.identity.members.person import Person, member_query, person_of, secret_hash
from app.identity.notifications.service import notify_member
from app.identity.organisations.directory import INFO
from app.identity.organisations.models import MAY_ACT, Organisation
from app.identity.roles import MANAGES_COLLEAGUES
from app.identity.sessions.models import ApiToken

SCOPES = ("read", "write")
MAX_TOKENS = 50
MOST_SHOWN = 500
SEEN_EVERY = dt.timedelta(minutes=10)


def create_token(
    actor: Actor, name: str, scopes: Iterable[str] = SCOPES, days: int | None = 90
) -> tuple[ApiToken, str]:
    """A new token; the second value is the secret, to be shown this once."""
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(SCOPES):
        raise Invalid("token_scope_unknown")
    secret = "pl_" + secrets.token_urlsafe(32)
    now = clock.now()
    with transaction():
        count = db.session.scalar(
            sa.select(sa.func.count()).where(
                ApiToken.member_id == actor.member_id, ApiToken.revoked_at.is_(None)
            )
        )
        if (count or 0) >= MAX_TOKENS:
            raise Invalid("token_limit", limit=MAX_TOKENS)
        row = ApiToken(
            member_id=actor.member_id,
            name=name.strip()[:80] or "API",
            prefix=secret[:8],
            token_hash=secret_hash(secret),
            scopes=wanted,
            created_at=now,
            expires_at=now + dt.timedelta(days=days) if days else None,
        )
        db.session.add(row)
        db.session.flush()
        audit(actor, "token.created", "api_token", row.id, name=row.name, scopes=wanted)
    return row, secret


def list_tokens(actor: Actor) -> list[ApiToken]:
    query = sa.select(ApiToken).where(ApiToken.member_id == actor.member_id)
    return list(db.session.scalars(query.order_by(ApiToken.id.desc())))


def tokens_of_colleagues(actor: Actor) -> list[tuple[ApiToken, str]]:
    """The live tokens of the actor's organisation with their holders' names, for its administrators."""
    if not actor.may(MANAGES_COLLEAGUES):
        return []
    query = (
        sa.select(ApiToken, Member.name)
        .join(Member, Member.id == ApiToken.member_id)
        .where(
            Member.organisation_id == actor.organisation_id,
            Member.id != actor.member_id,
            ApiToken.revoked_at.is_(None),
            sa.or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > clock.now()),
        )
        .order_by(Member.name, ApiToken.id.desc())
        .limit(MOST_SHOWN)
    )
    return [(row[0], str(row[1])) for row in db.session.execute(query)]


def _may_revoke(actor: Actor, row: ApiToken) -> bool:
    if row.member_id == actor.member_id:
        return True
    holder = db.session.get_one(Member, row.member_id)
    return actor.may(MANAGES_COLLEAGUES) and holder.organisation_id == actor.organisation_id


def revoke_token(actor: Actor, token_id: int) -> None:
    with transaction():
        row = db.session.get(ApiToken, token_id)
        if row is None or not _may_revoke(actor, row):
            raise NotFound("token_not_found")
        if row.revoked_at is None:
            row.revoked_at = clock.now()
            audit(actor, "token.revoked", "api_token", row.id, name=row.name)
            if row.member_id != actor.member_id:
                notify_member(
                    row.member_id, "token_revoked_note", "/identity/tokens", by=actor.name, name=row.name
                )


# Asked before every call of the API: one statement, made once, a row per role.
_BEARER = (
    sa.select(
        ApiToken.id,
        ApiToken.scopes,
        ApiToken.used_at,
        Member.id.label("member_id"),
        Member.login,
        Member.name,
        Member.language,
        MemberRole.role,
        *(column.label(f"organisation_{column.key}") for column in INFO),
    )
    .join(Member, Member.id == ApiToken.member_id)
    .join(Organisation, Organisation.id == Member.organisation_id)
    .outerjoin(MemberRole, MemberRole.member_id == Member.id)
    .where(
        ApiToken.token_hash == sa.bindparam("hash"),
        ApiToken.revoked_at.is_(None),
        sa.or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > sa.bindparam("now")),
        Member.status == "active",
        Organisation.status.in_(MAY_ACT),
    )
)


def find_bearer(header: str) -> Person | None:
    """Who `Authorization: Bearer …` stands for; a token without `write` may only read (403 otherwise)."""
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return None
    now = clock.now()
    rows = read_at_once(_BEARER, {"hash": secret_hash(secret.strip()), "now": now})
    if not rows:
        return None
    token = rows[0]
    roles = frozenset(row.role for row in rows if row.role is not None)
    organisation = OrganisationInfo(*token[-len(INFO) :])
    person = Person(
        Actor(token.member_id, organisation.id, token.name, roles, organisation=organisation),
        token.login,
        token.name,
        organisation.name_zh,
        organisation.name_en,
        token.language,
    )
    if token.used_at is None or token.used_at < now - SEEN_EVERY:
        with transaction():
            db.session.execute(sa.update(ApiToken).where(ApiToken.id == token.id).values(used_at=now))
    if request.method not in ("GET", "HEAD", "OPTIONS") and "write" not in token.scopes:
        abort(403)
    return person


def token_for_login(login: str) -> str:
    """For the command line: a full token for a member, valid 90 days."""
    member = db.session.scalar(member_query().where(Member.login == login.strip().lower()))
    if member is None:
        raise NotFound("member_not_found", login=login)
    return create_token(person_of(member).actor, "flask identity token")[1]
