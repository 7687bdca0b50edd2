"""One resource or several of them, read and locked the same way by everybody."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked
from app.hall.errors import NotFound
from app.identity.door import Actor
from app.sharing import access
from app.sharing.calendar.models import OpeningRule
from app.sharing.catalogue.models import Resource, ResourceUnit


def runners_equipment(actor: Actor, resource_id: int, *, lock: bool = True) -> Resource:
    """An instrument for whoever runs it, or the park."""
    row = get_resource(resource_id, lock=lock)
    access.require_runner_or_park(actor, row.owner_id)
    if row.kind != "equipment":
        raise NotFound("resource_not_found")
    return row


def resources_by_id(ids: Iterable[int]) -> dict[int, Resource]:
    wanted = sorted(set(ids))
    found: dict[int, Resource] = {}
    for at in range(0, len(wanted), 500):
        query = sa.select(Resource).where(Resource.id.in_(wanted[at : at + 500]))
        found |= {row.id: row for row in db.session.scalars(query)}
    return found


def opening_of(resource_id: int) -> list[OpeningRule]:
    query = (
        sa.select(OpeningRule)
        .where(OpeningRule.resource_id == resource_id)
        .order_by(OpeningRule.weekday, OpeningRule.opens_minute)
    )
    return list(db.session.scalars(query))


def units_of(resource_id: int) -> list[ResourceUnit]:
    query = sa.select(ResourceUnit).where(ResourceUnit.resource_id == resource_id).order_by(ResourceUnit.id)
    return list(db.session.scalars(query))


# Statements of the hot path are made once: building them anew costs more than running them.
_RESOURCE = sa.select(Resource).where(Resource.id == sa.bindparam("id"))


def get_resource(resource_id: int, *, lock: bool = False) -> Resource:
    """The resource, locked for the rest of the transaction if asked; every path that occupies slots does."""
    row: Resource | None = db.session.scalar(locked(_RESOURCE) if lock else _RESOURCE, {"id": resource_id})
    if row is None:
        raise NotFound("resource_not_found")
    return row


def may_find(actor: Actor, row: Resource) -> bool:
    """Whether it is open to this member's organisation yet: the park's firms first, outsiders from a day on."""
    if row.external_from is None or row.external_from <= clock.today():
        return True
    return row.owner_id == actor.organisation_id or not access.outside(actor)


def found_by(actor: Actor) -> sa.ColumnElement[bool]:
    """The same as a condition."""
    if not access.outside(actor):
        return sa.true()
    opened = sa.or_(Resource.external_from.is_(None), Resource.external_from <= clock.today())
    return sa.or_(opened, Resource.owner_id == actor.organisation_id)


def get_found(actor: Actor, resource_id: int, *, lock: bool = False) -> Resource:
    """The resource for this member; what is not open to it yet is not found."""
    row = get_resource(resource_id, lock=lock)
    if not may_find(actor, row):
        raise NotFound("resource_not_found")
    return row


def lock_resources(ids: Iterable[int]) -> dict[int, Resource]:
    """Several resources, locked in the order of their ids so that two such locks never deadlock."""
    query = sa.select(Resource).where(Resource.id.in_(sorted(set(ids)))).order_by(Resource.id)
    return {row.id: row for row in db.session.scalars(locked(query))}
