"""Setting up second factors, taking them away, and proving one when signing in."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence

import sqlalchemy as sa
from flask import current_app, session

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.hall.park import identity
from app.hall.text.normalise import clean
from app.identity.actor import Actor
from app.identity.audit.service import audit
from app.identity.factors import passkeys, rules, totp
from app.identity.factors.models import RecoveryCode, SecondFactor
from app.identity.members.models import Member
from app.identity.notifications.service import notify_member
from app.identity.roles import WORKS_FOR_THE_PARK
from app.identity.sessions.browsers import end_browsers, known_browser, remember_browser
from app.identity.sessions.models import MemberSession
from app.identity.sessions.passwords import password_matches
from app.identity.sessions.throttle import check_patience, count_failure

PROVEN = "second_factor"  # in the signed cookie: this browser has given one
MOST = 8
PAGE = "/identity/second-factor"


def is_needed(actor: Actor) -> bool:
    """Whether the park's setting wants a second factor of this member."""
    wanted = bool(current_app.config["SETTINGS"].second_factor)
    return rules.needs_factor(actor.roles, WORKS_FOR_THE_PARK, wanted)


def factors_of(member_id: int) -> list[SecondFactor]:
    """The confirmed factors of a member, oldest first."""
    query = sa.select(SecondFactor).where(
        SecondFactor.member_id == member_id, SecondFactor.confirmed_at.is_not(None)
    )
    return list(db.session.scalars(query.order_by(SecondFactor.id)))


def codes_left(member_id: int) -> int:
    query = sa.select(sa.func.count()).where(
        RecoveryCode.member_id == member_id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(query) or 0


def check_password(actor: Actor, password: str) -> Member:
    """Only who knows the password changes the factors; an open browser left behind is not enough."""
    member = db.session.get_one(Member, actor.member_id)
    check_own_password(member, password)
    return member


def check_own_password(member: Member, password: str) -> None:
    """Refuse a wrong password of somebody who is signed in; whoever found the browser open guesses no faster than a stranger."""
    member_id, login = member.id, member.login
    check_patience(login)
    if password_matches(member.password_hash, password, known=bool(known_browser(login))):
        return
    count_failure(login, member_id)
    raise Invalid("password_wrong")


def start_totp(actor: Actor, password: str) -> None:
    """Draw the secret of an authenticator; it counts once a code of it was typed."""
    check_password(actor, password)
    sealed = totp.sealed(totp.new_secret())
    with transaction():
        _check_room(actor.member_id)
        db.session.execute(_unconfirmed(sa.delete(SecondFactor), actor.member_id))
        db.session.add(
            SecondFactor(
                member_id=actor.member_id,
                kind="totp",
                name="TOTP",
                secret=sealed,
                created_at=clock.now(),
            )
        )
        audit(actor, "factor.started", "second_factor", actor.member_id, kind="totp")


def _unconfirmed(statement: sa.Delete, member_id: int) -> sa.Delete:
    return statement.where(SecondFactor.member_id == member_id, SecondFactor.confirmed_at.is_(None))


def _check_room(member_id: int) -> None:
    if len(factors_of(member_id)) >= MOST:
        raise Conflict("factors_enough", most=MOST)


def open_totp(actor: Actor) -> tuple[str, str]:
    """Secret and address of the authenticator that waits for its first code."""
    row = _waiting(actor)
    secret = totp.unsealed(row.secret)
    login = db.session.get_one(Member, actor.member_id).login
    return secret, totp.address(secret, login, identity().name)


def _waiting(actor: Actor) -> SecondFactor:
    query = sa.select(SecondFactor).where(
        SecondFactor.member_id == actor.member_id,
        SecondFactor.kind == "totp",
        SecondFactor.confirmed_at.is_(None),
    )
    row = db.session.scalar(query)
    if row is None:
        raise NotFound("factor_not_found")
    return row


def confirm_totp(actor: Actor, code: str, session_id: int) -> list[str]:
    """The first code proves that the authenticator holds the secret; answers recovery codes if there were none."""
    with transaction():
        row = _waiting(actor)
        seconds = clock.now().timestamp()
        step = totp.step_of(totp.unsealed(row.secret), code, seconds, row.last_count)
        if step is None:
            raise Invalid("code_wrong")
        row.confirmed_at, row.last_count = clock.now(), step
        return _added(actor, row, session_id)


def add_passkey(actor: Actor, name: str, answer: str, session_id: int) -> list[str]:
    """Keep the passkey that the browser made; answers recovery codes if there were none."""
    key = passkeys.check_added(answer)
    now = clock.now()
    with transaction():
        _check_room(actor.member_id)
        if db.session.scalar(
            sa.select(SecondFactor.id).where(SecondFactor.credential_id == key.credential_id)
        ):
            raise Conflict("passkey_known")
        row = SecondFactor(
            member_id=actor.member_id,
            kind="passkey",
            name=clean(name).strip()[:60] or "Passkey",
            secret=key.public_key,
            credential_id=key.credential_id,
            last_count=key.count,
            created_at=now,
            confirmed_at=now,
        )
        db.session.add(row)
        return _added(actor, row, session_id)


def _added(actor: Actor, row: SecondFactor, session_id: int) -> list[str]:
    """Browsers that signed in with the password alone end; the member is told. Inside a transaction."""
    db.session.flush()
    audit(actor, "factor.added", "second_factor", row.id, kind=row.kind)
    notify_member(actor.member_id, "factor_added", PAGE, name=row.name)
    others = sa.delete(MemberSession).where(
        MemberSession.member_id == actor.member_id, MemberSession.id != session_id
    )
    db.session.execute(others)
    end_browsers(actor.member_id)
    remember_browser(db.session.get_one(Member, actor.member_id).login)
    session[PROVEN] = True
    return [] if codes_left(actor.member_id) else _new_codes(actor)


def new_codes(actor: Actor, password: str) -> list[str]:
    """Fresh recovery codes; the old ones end."""
    check_password(actor, password)
    with transaction():
        if not factors_of(actor.member_id):
            raise NotFound("factor_not_found")
        return _new_codes(actor)


def _new_codes(actor: Actor) -> list[str]:
    codes = [
        "".join(secrets.choice(rules.CODE_LETTERS) for _letter in range(12)) for _code in range(rules.CODES)
    ]
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.member_id == actor.member_id))
    db.session.add_all(
        RecoveryCode(member_id=actor.member_id, code_hash=_hash(actor.member_id, code)) for code in codes
    )
    audit(actor, "factor.codes", "member", actor.member_id, codes=len(codes))
    return [rules.shown_recovery(code) for code in codes]


def _hash(member_id: int, code: str) -> str:
    """60 bits drawn by the machine, hashed under the park's key: a copy of the database tells no code."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"recovery:{member_id}:{code}".encode(), "sha256").hexdigest()


def remove_factor(actor: Actor, factor_id: int, password: str) -> None:
    check_password(actor, password)
    with transaction():
        rows = factors_of(actor.member_id)
        row = next((row for row in rows if row.id == factor_id), None)
        if row is None:
            raise NotFound("factor_not_found")
        if not rules.may_remove([one.kind for one in rows], is_needed(actor)):
            raise Conflict("factor_last")
        audit(actor, "factor.removed", "second_factor", row.id, kind=row.kind)
        notify_member(actor.member_id, "factor_removed", PAGE, name=row.name)
        db.session.delete(row)
        if len(rows) == 1:
            db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.member_id == actor.member_id))


def drop_factors(member_id: int) -> None:
    """All that a member proves beside the password, gone. Inside a transaction."""
    for model in (SecondFactor, RecoveryCode):
        db.session.execute(sa.delete(model).where(model.member_id == member_id))


def prove_code(actor: Actor, typed: str) -> str:
    """Check a code of an authenticator, or a recovery code; answers which it was. Inside a transaction."""
    seconds = clock.now().timestamp()
    query = sa.select(SecondFactor).where(
        SecondFactor.member_id == actor.member_id,
        SecondFactor.kind == "totp",
        SecondFactor.confirmed_at.is_not(None),
    )
    for row in db.session.scalars(locked(query)):
        step = totp.step_of(totp.unsealed(row.secret), typed, seconds, row.last_count)
        if step is not None:
            row.last_count, row.used_at = step, clock.now()
            return "totp"
    return "recovery" if _use_recovery(actor, typed) else ""


def _use_recovery(actor: Actor, typed: str) -> bool:
    code = rules.plain_recovery(typed)
    wanted = _hash(actor.member_id, code)
    query = sa.select(RecoveryCode).where(RecoveryCode.code_hash == wanted, RecoveryCode.used_at.is_(None))
    row = db.session.scalar(locked(query))
    if row is None:
        return False
    row.used_at = clock.now()
    db.session.flush()
    left = codes_left(actor.member_id)
    audit(actor, "factor.recovery_used", "member", actor.member_id, left=left)
    notify_member(actor.member_id, "recovery_used", PAGE, left=left)
    return True


def prove_passkey(actor: Actor, answer: str) -> bool:
    """Check what a passkey of this member answered. Inside a transaction."""
    wanted = passkeys.credential_of(answer)
    query = sa.select(SecondFactor).where(
        SecondFactor.member_id == actor.member_id, SecondFactor.credential_id == wanted
    )
    row = db.session.scalar(locked(query)) if wanted else None
    if row is None:
        return False
    try:
        count = passkeys.check_used(answer, passkeys.Key(wanted, row.secret, row.last_count))
    except Invalid:
        return False
    row.last_count, row.used_at = count, clock.now()
    return True


def options_to_add(actor: Actor) -> str:
    member = db.session.get_one(Member, actor.member_id)
    return passkeys.options_to_add(member.id, member.login, member.name, factors_of(member.id))


def passkeys_of(rows: Sequence[SecondFactor]) -> list[SecondFactor]:
    return [row for row in rows if row.kind == "passkey"]
