"""Who sits at the round table."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.ecosystem.models import (
    Committee,
    CommitteeSeat,
)
from app.ecosystem.service import sight
from app.errors import Conflict, NotAllowed, NotFound
from app.identity import service as identity

if TYPE_CHECKING:
    from app.identity.service import Actor


def must_run(actor: Actor) -> None:
    """Refuse everybody but the secretary and the park's administrator."""
    if not actor.has("committee_secretary", "park_admin"):
        raise NotAllowed("only_secretary")


def find() -> Committee | None:
    return db.session.scalar(sa.select(Committee).order_by(Committee.id).limit(1))


def found_committee(actor: Actor, name: str, founded_on: dt.date, quorum_percent: int = 50) -> Committee:
    """Found the committee; there is one."""
    must_run(actor)
    with transaction() as session:
        if find() is not None:
            raise Conflict("committee_exists")
        row = Committee(name=name.strip(), founded_on=founded_on, quorum_percent=quorum_percent)
        session.add(row)
        session.flush()
        identity.audit(actor, "committee.founded", "committee", row.id)
        return row


def get_committee() -> Committee:
    row = find()
    if row is None:
        raise NotFound("committee_not_found")
    return row


def seats(committee_id: int) -> list[CommitteeSeat]:
    query = sa.select(CommitteeSeat).where(
        CommitteeSeat.committee_id == committee_id, CommitteeSeat.until_on.is_(None)
    )
    return list(db.session.scalars(query.order_by(CommitteeSeat.kind, CommitteeSeat.id)))


def seat(actor: Actor, organisation_id: int, person: str = "") -> CommitteeSeat:
    """Give an organisation a seat of its kind."""
    must_run(actor)
    with transaction() as session:
        committee = get_committee()
        who = identity.get_organisation(organisation_id)
        if any(s.organisation_id == organisation_id for s in seats(committee.id)):
            raise Conflict("seat_taken")
        row = CommitteeSeat(
            committee_id=committee.id,
            organisation_id=who.id,
            kind=who.kind,
            person=person.strip(),
            since_on=clock.today(),
        )
        session.add(row)
        session.flush()
        identity.audit(actor, "committee.seated", "committee_seat", row.id, organisation=who.code)
        return row


def unseat(actor: Actor, seat_id: int) -> None:
    """End a seat; its votes stay."""
    must_run(actor)
    with transaction() as session:
        row = session.get(CommitteeSeat, seat_id)
        if row is None or row.until_on is not None:
            raise NotFound("seat_not_found")
        row.until_on = clock.today()
        identity.audit(actor, "committee.unseated", "committee_seat", row.id)


def has_seat(actor: Actor) -> bool:
    board = find()
    return board is not None and any(s.organisation_id == actor.organisation_id for s in seats(board.id))


def reads_minutes(actor: Actor) -> bool:
    """Say whether the actor may read what was said at the table: its members, the staff and the auditor.

    Agenda and resolutions are the park's public record; minutes may name firms.
    """
    return sight.may_read_all(actor) or has_seat(actor)


def seat_of(organisation_id: int | None) -> int | None:
    """Return the open seat of an organisation; None where none is named, 0 where it has none."""
    if organisation_id is None:
        return None
    there = seats(get_committee().id)
    return next((s.id for s in there if s.organisation_id == organisation_id), 0)
