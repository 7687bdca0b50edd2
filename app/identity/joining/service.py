"""Joining is one audited act: every room follows, ledger and audit stay where they are; taking it back is the reverse."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, NotAllowed, NotFound
from app.identity.actor import Actor
from app.identity.audit.service import audit
from app.identity.audit.words import subject_name
from app.identity.joining import repoint, rules
from app.identity.joining.models import OrganisationJoin
from app.identity.joining.pointers import MOVED, POINTERS
from app.identity.joining.repoint import Move
from app.identity.joining.ties import all_ties
from app.identity.organisations.models import FormerName, Organisation
from app.identity.organisations.naming import name_of
from app.identity.roles import RUNS_THE_PARK


@dataclass(frozen=True)
class Effect:
    """What a joining would do to the rows of one kind: how many follow, how many stay, and why those do."""

    name: str
    follow: int
    stay: int
    why: str


def preview(actor: Actor, from_id: int, into_id: int) -> list[Effect]:
    """What would follow and what would stay, before anybody decides; a count per place, nothing is written."""
    _must_run(actor)
    found = []
    for pointer in POINTERS:
        if pointer.silent:
            continue
        follow, stay = repoint.count(pointer, from_id, into_id)
        if follow or stay:
            why = pointer.why or ("state" if pointer.where else "twin")
            found.append(Effect(subject_name(pointer.table), follow, stay, why if stay else ""))
    return found


def join(actor: Actor, from_id: int, into_id: int, reason: str) -> int:
    """The first organisation becomes part of the second; answers the joining's id."""
    _must_run(actor)
    with transaction():
        pair = _locked(from_id, into_id)
        one, into = pair[from_id], pair[into_id]
        reasons = rules.reasons_against(_side(one), _side(into), reason)
        if reasons:
            raise Conflict("join_refused", reasons=reasons)
        row = OrganisationJoin(
            from_id=one.id,
            into_id=into.id,
            reason=reason.strip(),
            status_before=one.status,
            by_id=actor.member_id,
            at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        to = Move(row.id, one.id, into.id)
        followed = {pointer.place: repoint.move(pointer, to) for pointer in MOVED}
        _take_over(one, into, row.at)
        for ties in all_ties():
            ties.joined(actor, to)
        db.session.expire_all()
        silent = {pointer.place for pointer in MOVED if pointer.silent}
        moved = {place: rows for place, rows in followed.items() if rows and place not in silent}
        audit(actor, "organisation.joined", "organisation", one.id, reason, into=into.code, rows=moved)
        audit(actor, "organisation.took_over", "organisation", into.id, reason, joined=one.code)
        return row.id


def _take_over(one: Organisation, into: Organisation, at: dt.datetime) -> None:
    """The name stays findable, and a fact that the target lacks is filled from the joined row."""
    db.session.add(
        FormerName(
            organisation_id=into.id,
            name_zh=one.name_zh,
            name_en=one.name_en,
            name_key=name_of(one.name_zh).core[:100],
            until_at=at,
        )
    )
    for name in (
        "name_en",
        "credit_code",
        "industry",
        "industry_code",
        "size",
        "building",
        "room",
        "registered_on",
    ):
        if not getattr(into, name) and getattr(one, name):
            setattr(into, name, getattr(one, name))
    one.status, one.joined_into_id = "joined", into.id
    db.session.flush()


def part(actor: Actor, join_id: int, reason: str) -> None:
    """Take a joining back: what followed and is still there goes home; what happened since stays with the target."""
    _must_run(actor)
    with transaction():
        row = db.session.scalar(locked(sa.select(OrganisationJoin).where(OrganisationJoin.id == join_id)))
        if row is None:
            raise NotFound("join_not_found")
        if row.undone_at is not None:
            raise Conflict("join_undone_already")
        if not reason.strip():
            raise Conflict("reason_required")
        pair = _locked(row.from_id, row.into_id)
        to = Move(row.id, row.from_id, row.into_id)
        for pointer in MOVED:
            repoint.move_back(pointer, to)
        for ties in all_ties():
            ties.parted(actor, to)
        one = pair[row.from_id]
        one.status, one.joined_into_id = row.status_before, None
        row.undone_at, row.undone_by_id = clock.now(), actor.member_id
        db.session.execute(
            sa.delete(FormerName).where(
                FormerName.organisation_id == row.into_id,
                FormerName.name_zh == one.name_zh,
                FormerName.until_at == row.at,
            )
        )
        db.session.flush()
        db.session.expire_all()
        audit(actor, "organisation.parted", "organisation", row.from_id, reason)


def joins_of(organisation_id: int) -> list[OrganisationJoin]:
    """Joinings with this organisation on either side, the newest first."""
    query = sa.select(OrganisationJoin).where(
        sa.or_(OrganisationJoin.from_id == organisation_id, OrganisationJoin.into_id == organisation_id)
    )
    return list(db.session.scalars(query.order_by(OrganisationJoin.id.desc()).limit(20)))


def hangs_on(organisation_id: int, but: frozenset[str]) -> dict[str, int]:
    """How many rows of each place point at an organisation: what would lose its ground if it went."""
    found = {}
    for pointer in POINTERS:
        if pointer.place not in but:
            rows = sum(repoint.count(pointer, organisation_id, 0))
            if rows:
                found[pointer.place] = rows
    return found


def _locked(from_id: int, into_id: int) -> dict[int, Organisation]:
    """Both rows, always in the order of their ids: two officers who join the same rows wait for each other."""
    query = sa.select(Organisation).where(Organisation.id.in_([from_id, into_id])).order_by(Organisation.id)
    found = {row.id: row for row in db.session.scalars(locked(query))}
    if {from_id, into_id} - found.keys():
        raise NotFound("organisation_not_found")
    return found


def _side(row: Organisation) -> rules.Side:
    return rules.Side(row.id, row.kind, row.status, row.credit_code)


def _must_run(actor: Actor) -> None:
    if not actor.may(RUNS_THE_PARK):
        raise NotAllowed("only_park_admin")
