"""The one door to the calendar: every path that takes or frees time of a unit goes through here.

`occupied_slot` has one row per unit and five minutes; its primary key makes a second taker fail, on SQLite and on
PostgreSQL alike, even if every check above it were wrong.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import clock
from app.db import db
from app.errors import Reason
from app.sharing.calendar import slots_of
from app.sharing.models import Booking, OccupiedSlot
from app.sharing.park_time import interval
from app.sharing.service.wording import refused
from app.sharing.states import BLOCKING, BOOKING, step


def take(booking: Booking) -> None:
    """Occupy what the booking holds, or refuse it whole because somebody was faster."""
    held = interval(booking.hold_start_at, booking.hold_end_at)
    rows = [{"unit_id": booking.unit_id, "slot": slot, "booking_id": booking.id} for slot in slots_of(held)]
    try:
        db.session.execute(sa.insert(OccupiedSlot.__table__), rows)  # type: ignore[arg-type]
    except IntegrityError as clash:
        raise refused([Reason("taken", {"spans": ((held.start, held.end),)})]) from clash


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
