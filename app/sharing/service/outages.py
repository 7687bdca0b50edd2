"""An instrument stands still: bookings it hits are cancelled free of charge, and everybody is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Invalid, NotFound
from app.identity import service as identity
from app.identity.service import Actor
from app.sharing.models import Booking, Outage, Resource, ResourceUnit
from app.sharing.service import access, loading, waiting
from app.sharing.service.booking import cancel_for_outage, tell_of_outage

KINDS = ("repair", "maintenance", "calibration", "other")
LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True)
class OutageResult:
    outage: Outage
    cancelled: list[int]
    offers: int


def declare(
    actor: Actor,
    resource_id: int,
    start: dt.datetime,
    end: dt.datetime,
    reason: str,
    *,
    kind: str = "repair",
    unit_id: int | None = None,
    plan_id: int | None = None,
) -> OutageResult:
    """Take a resource (or one unit) out of service for [start, end)."""
    if end <= start or end - start > LONGEST:
        raise Invalid("outage_span")
    if kind not in KINDS:
        raise Invalid("outage_kind")
    with transaction():
        resource = loading.get_resource(resource_id, lock=True)
        access.require_runner_or_park(actor, resource.owner_id)
        if unit_id is not None:
            unit = db.session.get(ResourceUnit, unit_id)
            if unit is None or unit.resource_id != resource.id:
                raise NotFound("unit_not_found")
        outage = Outage(
            resource_id=resource.id,
            unit_id=unit_id,
            plan_id=plan_id,
            kind=kind,
            start_at=start,
            end_at=end,
            reason=reason.strip()[:500],
            member_id=actor.member_id or None,
            created_at=clock.now(),
        )
        db.session.add(outage)
        db.session.flush()
        hit = _hit(resource, outage)
        for booking in hit:
            cancel_for_outage(booking, outage.reason)
        db.session.flush()
        offered = waiting.call_up(resource)
        for booking in hit:  # last: what goes to the waiting list is no alternative any more
            tell_of_outage(booking, resource)
        identity.audit(
            actor, "outage.declared", "resource", resource.id, outage.reason, outage=outage.id,
            cancelled=[b.id for b in hit],
        )  # fmt: skip
        return OutageResult(outage, [b.id for b in hit], offered)


def _hit(resource: Resource, outage: Outage) -> list[Booking]:
    """Bookings that the outage meets and that have not begun to be used."""
    query = sa.select(Booking).where(
        Booking.resource_id == resource.id,
        Booking.state.in_(("requested", "confirmed")),
        Booking.start_at < outage.end_at,
        Booking.end_at > outage.start_at,
    )
    if outage.unit_id is not None:
        query = query.where(Booking.unit_id == outage.unit_id)
    return list(db.session.scalars(query.order_by(Booking.start_at, Booking.id)))


def withdraw(actor: Actor, outage_id: int) -> Outage:
    """It works again, or sooner than said: what is left of the outage is free from now on."""
    with transaction():
        row = db.session.get(Outage, outage_id)
        if row is None:
            raise NotFound("outage_not_found")
        resource = loading.get_resource(row.resource_id, lock=True)
        access.require_runner_or_park(actor, resource.owner_id)
        if row.withdrawn_at is not None or row.end_at <= clock.now():
            raise Conflict("outage_over")
        if row.start_at < clock.now():
            row.end_at = clock.now()
        else:
            row.withdrawn_at = clock.now()
        identity.audit(actor, "outage.withdrawn", "resource", resource.id, outage=row.id)
        waiting.call_up(resource)
        return row


def list_outages(resource_ids: list[int], start: dt.datetime, end: dt.datetime) -> list[Outage]:
    return list(
        db.session.scalars(
            sa.select(Outage)
            .where(
                Outage.resource_id.in_(resource_ids),
                Outage.withdrawn_at.is_(None),
                Outage.start_at < end,
                Outage.end_at > start,
            )
            .order_by(Outage.start_at, Outage.id)
        )
    )
