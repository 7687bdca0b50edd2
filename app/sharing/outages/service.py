"""An instrument stands still: bookings it hits are cancelled free of charge, and everybody is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.identity import door as identity
from app.identity.door import Actor
from app.sharing import access
from app.sharing.bookings import waiting_list
from app.sharing.bookings.models import Booking
from app.sharing.bookings.service import cancel_for_outage, tell_of_outage
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Resource, ResourceUnit
from app.sharing.outages.models import Outage

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
    source: str | None = None,
) -> OutageResult:
    """Take a resource (or one unit) out of service for [start, end)."""
    if end <= start or end - start > LONGEST:
        raise Invalid("outage_span")
    if kind not in KINDS:
        raise Invalid("outage_kind")
    with transaction():
        resource = resource_records.get_resource(resource_id, lock=True)
        access.require_runner_or_park(actor, resource.owner_id)
        if unit_id is not None:
            unit = db.session.get(ResourceUnit, unit_id)
            if unit is None or unit.resource_id != resource.id:
                raise NotFound("unit_not_found")
        outage = Outage(
            resource_id=resource.id,
            unit_id=unit_id,
            source=source,
            kind=kind,
            start_at=start,
            end_at=end,
            reason=reason.strip()[:500],
            member_id=actor.member_id or None,
            created_at=clock.now(),
        )
        db.session.add(outage)
        hit, offered = _clear(resource, outage)
        identity.audit(
            actor,
            "outage.declared",
            "resource",
            resource.id,
            outage.reason,
            outage=outage.id,
            cancelled=[b.id for b in hit],
        )
        return OutageResult(outage, [b.id for b in hit], offered)


def _clear(resource: Resource, outage: Outage) -> tuple[list[Booking], int]:
    """Bookings under the outage end free of charge and are told; whoever waits is asked for what that frees."""
    db.session.flush()
    hit = _hit(resource, outage)
    for booking in hit:
        cancel_for_outage(booking, outage.reason)
    db.session.flush()
    offered = waiting_list.call_up(resource)
    for booking in hit:  # last: what goes to the waiting list is no alternative any more
        tell_of_outage(booking, resource)
    return hit, offered


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
        resource = resource_records.get_resource(row.resource_id, lock=True)
        access.require_runner_or_park(actor, resource.owner_id)
        if row.withdrawn_at is not None or row.end_at <= clock.now():
            raise Conflict("outage_over")
        if row.source is not None:
            raise Conflict("outage_kept_elsewhere")
        _end(row, resource)
        identity.audit(actor, "outage.withdrawn", "resource", resource.id, outage=row.id)
        return row


def _end(row: Outage, resource: Resource) -> None:
    if row.start_at < clock.now():
        row.end_at = clock.now()
    else:
        row.withdrawn_at = clock.now()
    db.session.flush()
    waiting_list.call_up(resource)


def cover(
    source: str, resource_id: int, start: dt.datetime, end: dt.datetime, reason: str, kind: str
) -> Outage:
    """What `source` keeps out of service covers [start, end) from now on; what has begun keeps its beginning.

    Safe to say again: nothing happens when it is covered so already.
    """
    with transaction():
        resource = resource_records.get_resource(resource_id, lock=True)
        row = _live(source)
        if row is None:
            return declare(identity.SYSTEM, resource_id, start, end, reason, kind=kind, source=source).outage
        begins = row.start_at if row.start_at <= clock.now() else start
        if (begins, end, reason) == (row.start_at, row.end_at, row.reason):
            return row
        row.start_at, row.end_at, row.reason = begins, end, reason
        _clear(resource, row)
        return row


def uncover(source: str) -> None:
    """What `source` kept out of service is free again; whoever waits is asked."""
    with transaction():
        row = _live(source)
        if row is not None:
            _end(row, resource_records.get_resource(row.resource_id, lock=True))


def _live(source: str) -> Outage | None:
    return db.session.scalar(
        sa.select(Outage)
        .where(Outage.source == source, Outage.withdrawn_at.is_(None), Outage.end_at > clock.now())
        .order_by(Outage.id)
        .limit(1)
    )


def outage_hours(
    resource_id: int, start: dt.datetime, end: dt.datetime
) -> list[tuple[dt.datetime, dt.datetime]]:
    """When the whole resource stood still in [start, end), whoever said so."""
    rows = list_outages([resource_id], start, end)
    return [(max(one.start_at, start), min(one.end_at, end)) for one in rows if one.unit_id is None]


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
