"""Looking after what is shared: special prices, and how many of a kind there are."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Invalid, NotFound
from app.identity import service as identity
from app.identity.service import Actor
from app.sharing.calendar import DAY
from app.sharing.models import Booking, Rate, Resource, ResourceUnit
from app.sharing.service import access, loading, resources, waiting
from app.sharing.service.resources import NewRate

GROUPS = ("university", "small", "enterprise")
MOST_RATES = 40
MOST_UNITS = 40
DEAREST_FEN = 10**10


def _runners_resource(actor: Actor, resource_id: int) -> Resource:
    row = loading.get_resource(resource_id, lock=True)
    access.require_runner_or_park(actor, row.owner_id)
    if row.kind != "equipment":
        raise NotFound("resource_not_found")
    return row


def rates_of(resource_id: int) -> list[Rate]:
    return list(db.session.scalars(sa.select(Rate).where(Rate.resource_id == resource_id).order_by(Rate.id)))


def add_rate(actor: Actor, resource_id: int, rate: NewRate) -> Rate:
    """One more special price; bookings that stand keep the prices they were made under."""
    with transaction():
        row = _runners_resource(actor, resource_id)
        if not 0 <= rate.opens_minute < rate.closes_minute <= DAY:
            raise Invalid("rate_hours")
        if not 0 <= rate.price_fen_per_hour <= DEAREST_FEN or not set(rate.weekdays) <= set(range(1, 8)):
            raise Invalid("rate_hours")
        if rate.member_group and rate.member_group not in GROUPS:
            raise Invalid("rate_group")
        held = db.session.scalar(sa.select(sa.func.count()).where(Rate.resource_id == row.id)) or 0
        if held >= MOST_RATES:
            raise Conflict("rate_many", most=MOST_RATES)
        added = Rate(
            resource_id=row.id,
            member_group=rate.member_group or None,
            weekdays=sorted(set(rate.weekdays)),
            opens_minute=rate.opens_minute,
            closes_minute=rate.closes_minute,
            price_fen_per_hour=rate.price_fen_per_hour,
        )
        db.session.add(added)
        db.session.flush()
        identity.audit(
            actor, "resource.rate_added", "resource", row.id, group=rate.member_group or "",
            price_fen=rate.price_fen_per_hour,
        )  # fmt: skip
        return added


def drop_rate(actor: Actor, rate_id: int) -> int:
    """The price goes; answers the resource."""
    with transaction():
        found = db.session.scalar(sa.select(Rate.resource_id).where(Rate.id == rate_id))
        if found is None:
            raise NotFound("rate_unknown")
        row = _runners_resource(actor, found)
        rate = db.session.get(Rate, rate_id)
        if rate is None:
            raise NotFound("rate_unknown")
        price = rate.price_fen_per_hour
        db.session.delete(rate)
        identity.audit(actor, "resource.rate_dropped", "resource", row.id, price_fen=price)
        return row.id


def add_unit(actor: Actor, resource_id: int, label: str) -> ResourceUnit:
    """One more of the same kind; who waits is offered the time it brings."""
    with transaction():
        row = _runners_resource(actor, resource_id)
        held = db.session.scalar(sa.select(sa.func.count()).where(ResourceUnit.resource_id == row.id)) or 0
        if held >= MOST_UNITS:
            raise Conflict("unit_many", most=MOST_UNITS)
        unit = resources.add_unit(actor, row.id, label[:60])
        identity.audit(actor, "resource.unit_added", "resource", row.id, label=unit.label)
        waiting.call_up(row)
        return unit


def set_unit_active(actor: Actor, unit_id: int, active: bool) -> int:
    """Take a unit out for good, or bring it back; never under a booking, never the last one."""
    with transaction():
        found = db.session.scalar(sa.select(ResourceUnit.resource_id).where(ResourceUnit.id == unit_id))
        if found is None:
            raise NotFound("unit_unknown")
        row = _runners_resource(actor, found)
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
            waiting.call_up(row)
        return row.id


def _may_go(unit: ResourceUnit) -> None:
    standing = db.session.scalar(
        sa.select(sa.func.count()).where(
            Booking.unit_id == unit.id,
            Booking.state.in_(loading.BLOCKING),
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
