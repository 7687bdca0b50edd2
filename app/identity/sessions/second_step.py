"""The second step of signing in: who has typed the right password proves a second factor, then the session opens."""

from __future__ import annotations

import sqlalchemy as sa
from flask import request, session

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, NotAllowed
from app.identity.actor import Actor
from app.identity.audit.service import audit
from app.identity.factors import service as factors
from app.identity.factors.rules import plain_digits
from app.identity.members.models import Member
from app.identity.members.person import Person, member_query
from app.identity.sessions.browsers import known_browser
from app.identity.sessions.service import HALFWAY, open_session
from app.identity.sessions.throttle import check_patience, count_failure

MINUTES = 10


def halfway() -> tuple[Member, bool]:
    """Whose password was right a moment ago, and whether to stay signed in."""
    member_id, at, remember = session.get(HALFWAY) or (0, 0.0, False)
    fresh = 0 <= clock.now().timestamp() - float(at) <= MINUTES * 60
    member = db.session.scalar(member_query().where(Member.id == member_id)) if fresh else None
    if member is None:
        session.pop(HALFWAY, None)
        raise NotAllowed("second_step_over")
    return member, bool(remember)


def place() -> str:
    """Who pays for tries at the second step: each member halfway in, in each known browser or at each address.

    Whoever did not type a password pays at their address alone, and can make nobody else wait there.
    """
    member_id = (session.get(HALFWAY) or (0,))[0]
    login = db.session.scalar(sa.select(Member.login).where(Member.id == member_id)) if member_id else None
    return f"second-step:{member_id}:{(login and known_browser(login)) or request.remote_addr or ''}"


def finish(code: str, answer: str) -> Person:
    """Open the session if the code or the passkey is right; wrong ones count like wrong passwords."""
    member, remember = halfway()
    member_id, login, digits = member.id, member.login, bool(plain_digits(code))
    actor = Actor(member.id, member.organisation_id, member.name, frozenset())
    check_patience(login)
    if digits:  # a recovery code and a passkey cannot be guessed: they go on working
        check_patience(login, second_step=True)
    with transaction():
        proven = _proven(actor, code, answer)
        if proven:
            return open_session(member_id, remember, factor=proven)
        audit(actor, "factor.refused", "member", member_id)
        count_failure(login, member_id, second_step=digits)
    raise Invalid("passkey_refused" if answer else "code_wrong")


def _proven(actor: Actor, code: str, answer: str) -> str:
    if answer:
        return "passkey" if factors.prove_passkey(actor, answer) else ""
    return factors.prove_code(actor, code)
