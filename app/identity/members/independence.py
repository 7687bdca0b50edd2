"""Whether two people can check each other: not while one holds what the other has just given."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import NotAllowed
from app.identity.actor import Actor
from app.identity.members.models import Member, MemberRole

CLOSE = dt.timedelta(days=7)


def stand_apart(one_id: int | None, other_id: int | None) -> bool:
    """Whether neither gave the other a role or a password within the last seven days, and they are two."""
    if one_id is None or other_id is None or 0 in (one_id, other_id):
        return True  # the system itself proposed it
    if one_id == other_id:
        return False
    with db.session.no_autoflush:  # a decision half written must not reach the database by being asked about
        return not _gave(one_id, other_id)


def _gave(one_id: int, other_id: int) -> bool:
    since = clock.now() - CLOSE
    pairs = ((one_id, other_id), (other_id, one_id))
    given = sa.or_(
        *(
            sa.and_(
                MemberRole.member_id == held, MemberRole.given_by_id == giver, MemberRole.given_at > since
            )
            for held, giver in pairs
        )
    )
    if db.session.scalar(sa.select(MemberRole.member_id).where(given).limit(1)) is not None:
        return True
    passwords = sa.or_(
        *(
            sa.and_(Member.id == held, Member.password_by_id == giver, Member.password_at > since)
            for held, giver in pairs
        )
    )
    return db.session.scalar(sa.select(Member.id).where(passwords).limit(1)) is not None


def require_second_person(actor: Actor, first_id: int | None) -> None:
    """Refuse a check by somebody whom the first person let in, or who let the first person in, a few days ago."""
    if not stand_apart(actor.member_id, first_id):
        raise NotAllowed("second_person_too_close", days=CLOSE.days)
