"""Browsers that signed in before: one signed cookie, an entry per login, worth nothing once the member ends it."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.hall import clock
from app.hall.db.base import db
from app.identity.members.models import Member
from app.identity.members.person import secret_hash

COOKIE = "parklink-known"
COOKIE_SECONDS = 180 * 24 * 3600
MOST_KNOWN = 8  # people who share one browser


def plain_login(login: str) -> str:
    return login.strip().lower()[:80]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="known-browser")


def _entries() -> dict[str, tuple[str, float]]:
    """A hash of each login that signed in here: the number this browser drew for it, and when it last came in."""
    try:
        kept = _signer().loads(request.cookies.get(COOKIE, ""), max_age=COOKIE_SECONDS)
    except BadSignature:
        return {}
    if not isinstance(kept, dict):
        return {}
    return {
        str(key): (str(entry[0]), float(entry[1])) if isinstance(entry, list) else (str(entry), 0.0)
        for key, entry in kept.items()  # a bare number: kept by an older version, which noted no moment
    }


def known_browser(login: str) -> str:
    """The number this browser drew when it signed in as this login; nothing where it never did, or was ended since."""
    drawn, at = _entries().get(secret_hash(plain_login(login)), ("", 0.0))
    if not drawn:
        return ""
    query = sa.select(Member.browsers_from).where(Member.login == plain_login(login))
    since = db.session.scalar(query)
    return drawn if since is None or at >= since.timestamp() else ""


def remember_browser(login: str) -> None:
    """With the answer of this request the browser learns that it signed in, or that it alone stays known."""
    drawn = known_browser(login) or secrets.token_urlsafe(9)
    entries = _entries()
    entries.pop(secret_hash(plain_login(login)), None)  # who came last is forgotten last
    entries[secret_hash(plain_login(login))] = (drawn, clock.now().timestamp())
    value = _signer().dumps(dict(list(entries.items())[-MOST_KNOWN:]))

    def send(response: Response) -> Response:
        secure = current_app.config["SETTINGS"].https
        response.set_cookie(
            COOKIE, value, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=secure
        )
        return response

    after_this_request(send)


def end_browsers(member_id: int) -> None:
    """Every browser is a stranger to this login until it signs in again; inside a transaction."""
    db.session.execute(sa.update(Member).where(Member.id == member_id).values(browsers_from=clock.now()))
