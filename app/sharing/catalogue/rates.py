"""Special prices for groups of members and times of day."""

from __future__ import annotations

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.identity import door as identity
from app.identity.door import Actor
from app.sharing.calendar.rules import DAY
from app.sharing.catalogue.models import Rate
from app.sharing.catalogue.records import runners_equipment
from app.sharing.catalogue.service import NewRate

GROUPS = ("university", "small", "enterprise")


MOST_RATES = 40


DEAREST_FEN = 10**10


def rates_of(resource_id: int) -> list[Rate]:
    return list(db.session.scalars(sa.select(Rate).where(Rate.resource_id == resource_id).order_by(Rate.id)))


def add_rate(actor: Actor, resource_id: int, rate: NewRate) -> Rate:
    """One more special price; bookings that stand keep the prices they were made under."""
    with transaction():
        row = runners_equipment(actor, resource_id)
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
            actor,
            "resource.rate_added",
            "resource",
            row.id,
            group=rate.member_group or "",
            price_fen=rate.price_fen_per_hour,
        )
        return added


def drop_rate(actor: Actor, rate_id: int) -> int:
    """The price goes; answers the resource."""
    with transaction():
        found = db.session.scalar(sa.select(Rate.resource_id).where(Rate.id == rate_id))
        if found is None:
            raise NotFound("rate_unknown")
        row = runners_equipment(actor, found)
        rate = db.session.get(Rate, rate_id)
        if rate is None:
            raise NotFound("rate_unknown")
        price = rate.price_fen_per_hour
        db.session.delete(rate)
        identity.audit(actor, "resource.rate_dropped", "resource", row.id, price_fen=price)
        return row.id
