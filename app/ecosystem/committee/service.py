"""Who sits at the round table, and which firms are of a kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

import sqlalchemy as sa

from app.ecosystem import sight
from app.ecosystem.committee.models import Committee, CommitteeSeat, FirmLabel
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import door as identity
from app.identity.door import Actor, roles


def must_run(actor: Actor) -> None:
    """Refuse everybody but the secretary and the park's administrator."""
    if not actor.may(roles.RUNS_COMMITTEE):
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


def has_seat(actor: Actor, read: Iterable[CommitteeSeat] | None = None) -> bool:
    """Whether the actor's organisation sits at the table, whose seats may have been `read` already."""
    if read is not None:
        return any(one.organisation_id == actor.organisation_id for one in read)
    board = sa.select(Committee.id).order_by(Committee.id).limit(1).scalar_subquery()
    own = sa.select(CommitteeSeat.id).where(
        CommitteeSeat.committee_id == board,
        CommitteeSeat.until_on.is_(None),
        CommitteeSeat.organisation_id == actor.organisation_id,
    )
    return db.session.scalar(own.limit(1)) is not None


def reads_minutes(actor: Actor, read: Iterable[CommitteeSeat] | None = None) -> bool:
    """Say whether the actor may read what was said at the table: its members, the staff and the auditor.

    Agenda and resolutions are the park's public record; minutes may name firms.
    """
    return sight.may_read_all(actor) or has_seat(actor, read)


def seat_of(organisation_id: int | None) -> int | None:
    """Return the open seat of an organisation; None where none is named, 0 where it has none."""
    if organisation_id is None:
        return None
    there = seats(get_committee().id)
    return next((s.id for s in there if s.organisation_id == organisation_id), 0)


def labels() -> dict[str, frozenset[int]]:
    """Return the firms of each kind."""
    found: dict[str, set[int]] = {}
    rows = db.session.execute(
        sa.select(FirmLabel.label, FirmLabel.organisation_id).order_by(
            FirmLabel.label, FirmLabel.organisation_id
        )
    )
    for label, organisation_id in rows:
        found.setdefault(label, set()).add(organisation_id)
    return {label: frozenset(ids) for label, ids in found.items()}


def set_label(actor: Actor, label: str, organisation_ids: Collection[int]) -> None:
    """Say which firms are of a kind; without a firm the kind is gone."""
    must_run(actor)
    label = label.strip()[:30]
    if not label:
        raise Invalid("ecosystem_note_missing")
    with transaction() as session:
        for id_ in organisation_ids:
            if identity.get_organisation(id_).kind != "enterprise":
                raise Invalid("label_needs_firms")
        session.execute(sa.delete(FirmLabel).where(FirmLabel.label == label))
        session.add_all(FirmLabel(organisation_id=id_, label=label) for id_ in sorted(set(organisation_ids)))
        session.flush()
        identity.audit(
            actor, "firm_label.set", "firm_label", 0, label=label, firms=len(set(organisation_ids))
        )
