"""Wrong passwords slow down who types them: this login from this address, never the login alone."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import sqlalchemy as sa
from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.hall import clock
from app.hall.db.base import UTCDateTime, db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import TooSoon
from app.identity.members.models import Member
from app.identity.members.person import secret_hash
from app.identity.notifications.service import notify_member, notify_role
from app.identity.roles import AUDITOR
from app.identity.sessions.models import SignInFailure
from app.identity.sessions.waits import FORGOTTEN_AFTER, FREE_TRIES, FREE_TRIES_KNOWN, TOLD_AT, wait_after

_FIRST_FAILURE = sa.text(
    "INSERT INTO sign_in_failure (login, place, failures, last_at) VALUES (:login, :place, 0, :now)"
    " ON CONFLICT (login, place) DO NOTHING"
).bindparams(sa.bindparam("now", type_=UTCDateTime()))
COOKIE = "parklink-known"
COOKIE_SECONDS = 180 * 24 * 3600
# Wrong codes of six digits count for the login wherever they come from: only who knows the password gets that far.
SECOND_STEP = "second step"
MOST_KNOWN = 8  # people who share one browser


def plain_login(login: str) -> str:
    return login.strip().lower()[:80]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="known-browser")


def _known() -> dict[str, str]:
    """Who signed in with this browser before: a hash of the login, and a number that this browser drew for it."""
    try:
        kept = _signer().loads(request.cookies.get(COOKIE, ""), max_age=COOKIE_SECONDS)
    except BadSignature:
        return {}
    return {str(key): str(value) for key, value in kept.items()} if isinstance(kept, dict) else {}


def is_known_browser(login: str) -> bool:
    return secret_hash(plain_login(login)) in _known()


def remember_browser(login: str) -> None:
    """With the answer of this request the browser learns that it signed in."""
    known = _known()
    known.setdefault(secret_hash(plain_login(login)), secrets.token_urlsafe(9))
    value = _signer().dumps(dict(list(known.items())[-MOST_KNOWN:]))

    def send(response: Response) -> Response:
        secure = current_app.config["SETTINGS"].https
        response.set_cookie(
            COOKIE, value, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=secure
        )
        return response

    after_this_request(send)


def _place(login: str) -> tuple[str, int]:
    """What wrong passwords are counted by, and how many are free.

    A browser that signed in before is exempt from what others do at its address: it counts by itself.
    """
    drawn = _known().get(secret_hash(plain_login(login)))
    if drawn:
        return f"browser:{drawn}", FREE_TRIES_KNOWN
    return request.remote_addr or "", FREE_TRIES


def check_patience(login: str, second_step: bool = False) -> None:
    """Refuse before the password is looked at while this login must wait here."""
    place, free = (SECOND_STEP, FREE_TRIES) if second_step else _place(login)
    now = clock.now()
    row = db.session.scalar(_row(login, place))
    if row is None:
        return
    left = (row.last_at + dt.timedelta(seconds=wait_after(row.failures, free)) - now).total_seconds()
    if left > 0:
        seconds = int(left) + 1
        raise TooSoon("sign_in_too_often", retry_after=seconds, minutes=-(-seconds // 60))


def _row(login: str, place: str) -> sa.Select[Any]:
    return sa.select(SignInFailure).where(
        SignInFailure.login == plain_login(login), SignInFailure.place == place
    )


def count_failure(login: str, member_id: int | None, second_step: bool = False) -> None:
    """One more wrong password here; at the fifth the member and the auditors are told. Inside a transaction."""
    place = SECOND_STEP if second_step else _place(login)[0]
    now = clock.now()
    with transaction():
        values = {"login": plain_login(login), "place": place, "now": now}
        db.session.execute(_FIRST_FAILURE, values)  # two at once make one row
        row = db.session.scalars(locked(_row(login, place))).one()
        if now - row.last_at > dt.timedelta(seconds=FORGOTTEN_AFTER):
            row.failures = 0
        row.failures += 1
        row.last_at = now
        if row.failures == TOLD_AT and member_id is not None:
            where = request.remote_addr or ""
            notify_member(member_id, "wrong_passwords", "/identity/security", count=TOLD_AT, address=where)
            name = db.session.scalar(sa.select(Member.name).where(Member.id == member_id))
            notify_role(
                AUDITOR,
                "wrong_passwords_of",
                "/identity/audit?action=sign_in",
                name=name,
                count=TOLD_AT,
                address=where,
            )


def forget_failures(login: str) -> None:
    """The right password here: the count starts anew. Inside a transaction."""
    place, _free = _place(login)
    db.session.execute(
        sa.delete(SignInFailure).where(
            SignInFailure.login == plain_login(login), SignInFailure.place.in_([place, SECOND_STEP])
        )
    )


def drop_old_failures() -> None:
    ended = clock.now() - dt.timedelta(seconds=FORGOTTEN_AFTER)
    with transaction():
        db.session.execute(sa.delete(SignInFailure).where(SignInFailure.last_at < ended))
