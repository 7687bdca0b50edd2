"""The one door to the calendar: every path that takes or frees time of a unit goes through here.

`occupied_slot` has one row per unit and five minutes; its primary key makes a second taker fail, on SQLite and on
PostgreSQL alike, even if every check above it were wrong.
"""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.db import db
from app.errors import Reason
from app.sharing.calendar import slots_of
from app.sharing.models import Booking, OccupiedSlot
from app.sharing.park_time import interval
from app.sharing.service.wording import refused
from app.sharing.states import BLOCKING, BOOKING, step

# One statement for all slots of a booking. What somebody else holds is left out instead of breaking the transaction;
# the count tells. The same words on SQLite and PostgreSQL.
_TAKE = sa.text(
    "INSERT INTO occupied_slot (unit_id, slot, booking_id)"
    " WITH RECURSIVE wanted (slot) AS ("
    "SELECT CAST(:first AS BIGINT) UNION ALL SELECT slot + 1 FROM wanted WHERE slot < :last)"
    " SELECT CAST(:unit AS BIGINT), slot, CAST(:booking AS BIGINT) FROM wanted WHERE true"
    " ON CONFLICT DO NOTHING"
)


def take(booking: Booking) -> None:
    """Occupy all that the booking holds; fewer slots than that means somebody was faster, and the refusal that is
    raised takes the booking and its slots back with the transaction."""
    held = interval(booking.hold_start_at, booking.hold_end_at)
    slots = slots_of(held)
    made = db.session.execute(
        _TAKE,
        {"first": slots[0], "last": slots[-1], "unit": booking.unit_id, "booking": booking.id},
    )
    if made.rowcount != len(slots):  # type: ignore[attr-defined]
        raise refused([Reason("taken", {"spans": ((held.start, held.end),)})])


def free(booking: Booking) -> None:
    db.session.execute(sa.delete(OccupiedSlot).where(OccupiedSlot.booking_id == booking.id))


def enter(booking: Booking, target: str) -> None:
    """Move the booking to a state; leaving the blocking states frees its slots."""
    was_blocking = booking.state in BLOCKING
    booking.state = step(BOOKING, booking.state, target)
    if target not in BLOCKING:
        booking.ended_at = booking.ended_at or clock.now()
        if was_blocking:
            free(booking)
            if target in ("rejected", "expired"):
                _release_credits(booking)


def _release_credits(booking: Booking) -> None:
    from app.sharing.service.paying import release_credits

    release_credits(booking)
