"""What a licence and a placement have in common: something of one organisation's, lent to another."""

from __future__ import annotations

from typing import TypeVar

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.errors import NotAllowed, NotFound
from app.identity.door import Actor, roles
from app.sharing import access
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Resource
from app.sharing.lending.models import Licence, Placement

Loan = TypeVar("Loan", Licence, Placement)

MOST_SHOWN = 200
"""Of one organisation's loans on one page, the newest."""


def locked(kind: type[Loan], loan_id: int) -> tuple[Loan, Resource]:
    """The loan with its resource, the resource locked first as on every path."""
    resource_id = db.session.scalar(sa.select(kind.resource_id).where(kind.id == loan_id))
    if resource_id is None:
        raise NotFound("licence_not_found" if kind is Licence else "placement_not_found")
    resource = resource_records.get_resource(resource_id, lock=True)
    return db.session.get_one(kind, loan_id), resource


def of_resource(kind: type[Loan], actor: Actor, resource: Resource) -> list[Loan]:
    """The owner and the park see all loans of a resource, others their own."""
    query = sa.select(kind).where(kind.resource_id == resource.id).order_by(kind.id.desc())
    if actor.organisation_id != resource.owner_id and not actor.may(roles.SEES_ALL_BOOKINGS):
        query = query.where(kind.organisation_id == actor.organisation_id)
    return list(db.session.scalars(query))


def mine(kind: type[Loan], actor: Actor) -> list[Loan]:
    """What the actor's organisation has borrowed or lends."""
    owned = sa.select(Resource.id).where(Resource.owner_id == actor.organisation_id)
    query = sa.select(kind).where(
        sa.or_(kind.organisation_id == actor.organisation_id, kind.resource_id.in_(owned))
    )
    return list(db.session.scalars(query.order_by(kind.id.desc()).limit(MOST_SHOWN)))


def require_side(actor: Actor, loan: Licence | Placement, resource: Resource, *, holder: bool) -> None:
    """Either side may end a loan: the borrower's runners (or its `holder`), and whoever runs the resource."""
    if actor.organisation_id != loan.organisation_id:
        access.require_runner_or_park(actor, resource.owner_id)
    elif not (holder or actor.may(roles.RUNS_RESOURCES)):
        raise NotAllowed("booking_not_yours")
