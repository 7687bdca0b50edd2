"""Signing in and out: a session row per browser, so that it can be listed and ended from elsewhere."""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa
from flask import Flask, g, request, session
from flask_login import AnonymousUserMixin, LoginManager, login_user, logout_user

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid
from app.hall.web.guards import is_api
from app.identity.actor import Actor, OrganisationInfo
from app.identity.audit.service import audit
from app.identity.factors.service import PROVEN, check_own_password, factors_of
from app.identity.members.models import Member, MemberRole
from app.identity.members.person import Person, member_query, person_of, secret_hash
from app.identity.members.resets import end_access
from app.identity.organisations.directory import INFO, organisation_of
from app.identity.organisations.models import MAY_ACT, Organisation
from app.identity.sessions.browsers import end_browsers, known_browser, plain_login, remember_browser
from app.identity.sessions.models import MemberSession
from app.identity.sessions.passwords import check_new_password, hash_password, hasher, password_matches
from app.identity.sessions.throttle import check_patience, count_failure, forget_failures
from app.identity.sessions.tokens import find_bearer

HALFWAY = "second_step"  # in the signed cookie: whose password was right, when, and for how long to stay
SHORT = dt.timedelta(hours=12)
REMEMBERED = dt.timedelta(days=30)


def sign_in(login: str, password: str, remember: bool = False) -> Person | None:
    """Open a new session, or ask for a second factor first (None): the page of the second step goes on from there.

    The same refusal whether the login is unknown or the password wrong.
    """
    check_patience(login)
    member = db.session.scalar(member_query().where(Member.login == login.strip().lower()))
    known = bool(known_browser(login))
    matches = password_matches(member.password_hash if member else "", password, known)
    if member is None or not matches:
        member_id = member.id if member else None
        with transaction():
            audit(Actor(0, 0, plain_login(login), frozenset()), "sign_in.refused", "member", "")
            count_failure(login, member_id)
        raise Invalid("sign_in_refused")
    renewed = hash_password(password) if hasher().check_needs_rehash(member.password_hash) else ""
    if factors_of(member.id):
        session[HALFWAY] = [member.id, clock.now().timestamp(), bool(remember)]
        return None
    return open_session(member.id, remember, renewed=renewed)


def open_session(member_id: int, remember: bool, renewed: str = "", factor: str = "") -> Person:
    """A session for somebody who has proven who they are; inside a transaction of the proof, or by itself."""
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
        if renewed:
            member.password_hash = renewed
        forget_failures(member.login)
        db.session.flush()
        person = person_of(member, session_id=row.id, session_key=key)
        audit(person.actor, "sign_in", "member", member.id, **({"factor": factor} if factor else {}))
    remember_browser(person.login)
    language = session.get("language")
    session.clear()  # nothing of the time before survives: no session fixation
    if language and not person.language:
        session["language"] = language
    if factor:
        session[PROVEN] = True
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
        end_browsers(actor.member_id)
        audit(actor, "sign_out.everywhere", "member", actor.member_id, sessions=ended)
    _stay_known(actor, except_session_id)
    return ended


def _stay_known(actor: Actor, session_id: int) -> None:
    """The browser that ended the others goes on being known."""
    if session_id:
        remember_browser(db.session.get_one(Member, actor.member_id).login)


def list_sessions(actor: Actor) -> list[MemberSession]:
    query = sa.select(MemberSession).where(
        MemberSession.member_id == actor.member_id, MemberSession.expires_at > clock.now()
    )
    return list(db.session.scalars(query.order_by(MemberSession.seen_at.desc(), MemberSession.id)))


def end_session(actor: Actor, session_id: int, here: int = 0) -> None:
    """End one session of one's own; no browser but the one `here` stays known."""
    with transaction():
        db.session.execute(
            sa.delete(MemberSession).where(
                MemberSession.id == session_id, MemberSession.member_id == actor.member_id
            )
        )
        end_browsers(actor.member_id)
        audit(actor, "sign_out.other", "session", session_id)
    _stay_known(actor, here if here != session_id else 0)


# Asked before every page: one statement, made once, a row per role.
_COOKIE = (
    sa.select(
        MemberSession.id,
        Member.id.label("member_id"),
        Member.login,
        Member.name,
        Member.language,
        MemberRole.role,
        *(column.label(f"organisation_{column.key}") for column in INFO),
    )
    .join(Member, Member.id == MemberSession.member_id)
    .join(Organisation, Organisation.id == Member.organisation_id)
    .outerjoin(MemberRole, MemberRole.member_id == Member.id)
    .where(
        MemberSession.key_hash == sa.bindparam("hash"),
        MemberSession.expires_at > sa.bindparam("now"),
        Member.status == "active",
        Organisation.status.in_(MAY_ACT),
    )
)


def find_person(session_key: str) -> Person | None:
    """Who this cookie belongs to, if their session still lives."""
    values = {"hash": secret_hash(session_key), "now": clock.now()}
    rows = list(db.session.execute(_COOKIE, values).all())
    if not rows:
        return None
    member = rows[0]
    if member.language and "language" not in g:
        g.language = member.language
    organisation = OrganisationInfo(*member[-len(INFO) :])
    roles = frozenset(row.role for row in rows if row.role is not None)
    return Person(
        Actor(member.member_id, organisation.id, member.name, roles, organisation=organisation),
        member.login,
        member.name,
        organisation.name_zh,
        organisation.name_en,
        member.language,
        session_id=member.id,
        session_key=session_key,
    )


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
    if is_api():
        g._login_user = find_bearer(request.headers.get("Authorization", "")) or AnonymousUserMixin()  # noqa: SLF001 - where flask-login looks for who is signed in


def change_password(actor: Actor, current: str, new: str, session_id: int, keep: bool = False) -> None:
    """Change one's own password; other sessions and links end, tokens and feeds too unless kept by choice."""
    member = db.session.get_one(Member, actor.member_id)
    firm = organisation_of(actor)
    check_new_password(new, member.login, member.name, firm.name_zh, firm.name_en, firm.code)
    stored, login = member.password_hash, member.login
    check_own_password(member, current)
    hashed = hash_password(new)  # outside the transaction: nobody waits for it
    with transaction():
        member = db.session.get_one(Member, actor.member_id)
        if member.password_hash != stored:
            raise Invalid("password_wrong")
        member.password_hash = hashed
        audit(actor, "password.changed", "member", member.id, kept=keep)
        end_access(actor, keep, except_session_id=session_id)
    remember_browser(login)
