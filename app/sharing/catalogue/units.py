"""How many of a kind there are, and which of them are in service."""

from __future__ import annotations

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, NotFound
from app.identity import door as identity
from app.identity.door import Actor
from app.sharing.bookings import waiting_list
from app.sharing.bookings.models import Booking
from app.sharing.calendar import stock
from app.sharing.catalogue.models import ResourceUnit
from app.sharing.catalogue.records import runners_equipment

MOST_UNITS = 40


def add_unit(actor: Actor, resource_id: int, label: str) -> ResourceUnit:
    """One more of the same kind; who waits is offered the time it brings."""
    with transaction():
        row = runners_equipment(actor, resource_id)
        held = db.session.scalar(sa.select(sa.func.count()).where(ResourceUnit.resource_id == row.id)) or 0
        if held >= MOST_UNITS:
            raise Conflict("unit_many", most=MOST_UNITS)
        label = label[:60].strip()
        same = sa.select(ResourceUnit.id).where(
            ResourceUnit.resource_id == row.id, ResourceUnit.label == label
        )
        if not label or db.session.scalar(same):
            raise Conflict("unit_label_taken", label=label)
        unit = ResourceUnit(resource_id=row.id, label=label, active=True)
        db.session.add(unit)
        db.session.flush()
        identity.audit(actor, "resource.unit_added", "resource", row.id, label=unit.label)
        waiting_list.call_up(row)
        return unit


def set_unit_active(actor: Actor, unit_id: int, active: bool) -> int:
    """Take a unit out for good, or bring it back; never under a booking, never the last one."""
    with transaction():
        found = db.session.scalar(sa.select(ResourceUnit.resource_id).where(ResourceUnit.id == unit_id))
        if found is None:
            raise NotFound("unit_unknown")
        row = runners_equipment(actor, found)
        unit = db.session.get_one(ResourceUnit, unit_id, populate_existing=True)
        if unit.active == active:
            return row.id
        if not active:
            _may_go(unit)
        unit.active = active
        db.session.flush()
        action = "resource.unit_activated" if active else "resource.unit_deactivated"
        identity.audit(actor, action, "resource", row.id, label=unit.label)
        if active:
            waiting_list.call_up(row)
        return row.id


def _may_go(unit: ResourceUnit) -> None:
    standing = db.session.scalar(
        sa.select(sa.func.count()).where(
            Booking.unit_id == unit.id,
            Booking.state.in_(stock.BLOCKING),
            Booking.hold_end_at > clock.now(),
        )
    )
    if standing:
        raise Conflict("unit_booked", label=unit.label, count=standing)
    others = sa.select(ResourceUnit.id).where(
        ResourceUnit.resource_id == unit.resource_id, ResourceUnit.active, ResourceUnit.id != unit.id
    )
    if db.session.scalar(others.limit(1)) is None:
        raise Conflict("unit_last")
