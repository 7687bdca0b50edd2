"""Signing in and out: a session row per browser, so that it can be listed and ended from elsewhere."""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa
from flask import Flask, g, request, session
from flask_login import LoginManager, login_user, logout_user

from app import clock
from app.db import db, transaction
from app.errors import Invalid
from app.identity.models import Member, MemberSession
from app.identity.service.actor import Actor
from app.identity.service.audit import audit
from app.identity.service.passwords import hash_password, hasher, password_matches
from app.identity.service.person import Person, member_query, person_of, secret_hash
from app.identity.service.tokens import find_bearer

SHORT = dt.timedelta(hours=12)
REMEMBERED = dt.timedelta(days=30)


def sign_in(login: str, password: str, remember: bool = False) -> Person:
    """Open a new session; the same refusal whether the login is unknown or the password wrong."""
    member = db.session.scalar(member_query().where(Member.login == login.strip().lower()))
    matches = password_matches(member.password_hash if member else "", password)
    if member is None or not matches:
        audit(Actor(0, 0, login.strip().lower()[:80], frozenset()), "sign_in.refused", "member", "")
        raise Invalid("sign_in_refused")
    member_id = member.id  # `transaction` forgets what was read before
    key = secrets.token_urlsafe(32)
    now = clock.now()
    with transaction():
        member = db.session.scalars(member_query().where(Member.id == member_id)).one()
        row = MemberSession(
            member_id=member.id,
            key_hash=secret_hash(key),
            created_at=now,
            seen_at=now,
            expires_at=now + (REMEMBERED if remember else SHORT),
            user_agent=request.user_agent.string[:200],
            address=request.remote_addr or "",
        )
        db.session.add(row)
        member.last_sign_in_at = now
        if hasher().check_needs_rehash(member.password_hash):
            member.password_hash = hash_password(password)
        db.session.flush()
        person = person_of(member, session_id=row.id, session_key=key)
        audit(person.actor, "sign_in", "member", member.id)
    language = session.get("language")
    session.clear()  # nothing of the time before survives: no session fixation
    if language and not person.language:
        session["language"] = language
    session.permanent = remember
    login_user(person)
    return person


def sign_out(person: Person) -> None:
    with transaction():
        db.session.execute(sa.delete(MemberSession).where(MemberSession.id == person.session_id))
        audit(person.actor, "sign_out", "member", person.actor.member_id)
    logout_user()
    session.clear()


def sign_out_everywhere(actor: Actor, except_session_id: int = 0) -> int:
    """End all sessions of a member (but one); answers how many."""
    with transaction():
        others = (MemberSession.member_id == actor.member_id, MemberSession.id != except_session_id)
        ended = db.session.scalar(sa.select(sa.func.count()).where(*others)) or 0
        db.session.execute(sa.delete(MemberSession).where(*others))
        audit(actor, "sign_out.everywhere", "member", actor.member_id, sessions=ended)
    return ended


def list_sessions(actor: Actor) -> list[MemberSession]:
    query = sa.select(MemberSession).where(
        MemberSession.member_id == actor.member_id, MemberSession.expires_at > clock.now()
    )
    return list(db.session.scalars(query.order_by(MemberSession.seen_at.desc(), MemberSession.id)))


def end_session(actor: Actor, session_id: int) -> None:
    with transaction():
        db.session.execute(
            sa.delete(MemberSession).where(
                MemberSession.id == session_id, MemberSession.member_id == actor.member_id
            )
        )
        audit(actor, "sign_out.other", "session", session_id)


def find_person(session_key: str) -> Person | None:
    """Who this cookie belongs to, if their session still lives."""
    row = db.session.scalar(
        sa.select(MemberSession).where(
            MemberSession.key_hash == secret_hash(session_key), MemberSession.expires_at > clock.now()
        )
    )
    if row is None:
        return None
    member = db.session.scalar(member_query().where(Member.id == row.member_id))
    if member is None:
        return None
    if member.language and "language" not in g:
        g.language = member.language
    return person_of(member, session_id=row.id, session_key=session_key)


def drop_ended_sessions() -> None:
    with transaction():
        db.session.execute(sa.delete(MemberSession).where(MemberSession.expires_at < clock.now()))


def init_app(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None
    manager.login_view = "identity.sign_in"
    manager.user_loader(find_person)
    app.before_request(_who)


def _who() -> None:
    """On the API only the bearer token counts; a cookie is never looked at there (hence no CSRF)."""
    from flask_login import AnonymousUserMixin

    from app.web import is_api

    if is_api():
        g._login_user = find_bearer(request.headers.get("Authorization", "")) or AnonymousUserMixin()
