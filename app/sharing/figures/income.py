"""What the instruments of an owner earned month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.sharing.bookings.models import Booking
from app.sharing.use.models import Settlement


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
        at = clock.months_later(at, 1)
    return found
