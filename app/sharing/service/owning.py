"""What an owner looks at: the log of use, and what its instruments earned month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.errors import Conflict, NotFound
from app.identity import service as identity
from app.identity.service import Actor
from app.sharing.models import Booking, Resource, Settlement, Usage
from app.sharing.service import access, loading


@dataclass(frozen=True)
class MonthIncome:
    month: dt.date
    fen: int
    bookings: int


def income_by_month(resource_ids: Sequence[int], months: int = 12) -> list[MonthIncome]:
    """Fen owed for shared bookings by the month they start in, corrections included; oldest first."""
    this = clock.today().replace(day=1)
    first = clock.months_later(this, 1 - months)
    rows = db.session.execute(
        sa.select(Booking.id, Booking.start_at, sa.func.sum(Settlement.change_fen).label("fen"))
        .join(Settlement, Settlement.booking_id == Booking.id)
        .where(
            Booking.resource_id.in_(list(resource_ids)),
            Booking.own_use.is_(False),
            Booking.start_at >= clock.start_of_day(first),
        )
        .group_by(Booking.id, Booking.start_at)
    )
    fen: dict[dt.date, int] = {}
    count: dict[dt.date, int] = {}
    for row in rows:
        month_of = clock.local(row.start_at).date().replace(day=1)
        fen[month_of] = fen.get(month_of, 0) + int(row.fen)
        count[month_of] = count.get(month_of, 0) + 1
    found, at = [], first
    while at <= this:
        found.append(MonthIncome(at, fen.get(at, 0), count.get(at, 0)))
        at = (at + dt.timedelta(days=32)).replace(day=1)
    return found


def usage_statement(actor: Actor) -> Any:
    """The log of everything the actor's organisation shares, corrected rows included."""
    owned = sa.select(Resource.id).where(Resource.owner_id == actor.organisation_id)
    return sa.select(Usage).where(Usage.resource_id.in_(owned))


def void_own_use(actor: Actor, usage_id: int) -> None:
    """Take back a stretch of own use that was logged by mistake; the row stays, marked."""
    with transaction():
        row = db.session.get(Usage, usage_id, with_for_update=True)
        resource = db.session.get(Resource, row.resource_id) if row is not None else None
        if row is None or resource is None or resource.owner_id != actor.organisation_id:
            raise NotFound("usage_not_found")
        access.require_runner(actor, resource.owner_id)
        loading.get_resource(resource.id, lock=True)
        if row.booking_id is not None or row.voided_at is not None:
            raise Conflict("usage_of_booking")
        row.voided_at = clock.now()
        identity.audit(actor, "usage.voided", "resource", resource.id, usage=row.id)
