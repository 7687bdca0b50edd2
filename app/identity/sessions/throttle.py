"""Wrong passwords slow down who types them: this login from this address or browser, never the login alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import request

from app.hall import clock
from app.hall.db.base import UTCDateTime, db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import TooSoon
from app.identity.members.models import Member
from app.identity.notifications.service import notify_member, notify_role
from app.identity.roles import AUDITOR
from app.identity.sessions.browsers import known_browser, plain_login
from app.identity.sessions.models import SignInFailure
from app.identity.sessions.waits import FORGOTTEN_AFTER, FREE_TRIES, FREE_TRIES_KNOWN, TOLD_AT, wait_after

_FIRST_FAILURE = sa.text(
    "INSERT INTO sign_in_failure (login, place, failures, last_at) VALUES (:login, :place, 0, :now)"
    " ON CONFLICT (login, place) DO NOTHING"
).bindparams(sa.bindparam("now", type_=UTCDateTime()))
# Wrong codes of six digits count for the login wherever they come from: only who knows the password gets that far.
SECOND_STEP = "second step"


def _place(login: str, second_step: bool = False) -> tuple[str, int]:
    """What wrong passwords and codes are counted by, and how many are free.

    A browser that signed in before is exempt from what others do to its login and at its address: it counts by itself,
    so that a stolen cookie does not guess for ever either.
    """
    drawn = known_browser(login)
    if second_step:
        return (f"{SECOND_STEP}:{drawn}" if drawn else SECOND_STEP), FREE_TRIES
    if drawn:
        return f"browser:{drawn}", FREE_TRIES_KNOWN
    return request.remote_addr or "", FREE_TRIES


def check_patience(login: str, second_step: bool = False) -> None:
    """Refuse before the password is looked at while this login must wait here."""
    place, free = _place(login, second_step)
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
    place, _free = _place(login, second_step)
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
    places = [_place(login)[0], _place(login, second_step=True)[0]]
    db.session.execute(
        sa.delete(SignInFailure).where(
            SignInFailure.login == plain_login(login), SignInFailure.place.in_(places)
        )
    )


def drop_old_failures() -> None:
    ended = clock.now() - dt.timedelta(seconds=FORGOTTEN_AFTER)
    with transaction():
        db.session.execute(sa.delete(SignInFailure).where(SignInFailure.last_at < ended))
