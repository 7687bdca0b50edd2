"""A booking goes from state to state; leaving the blocking states frees its time."""

from __future__ import annotations

from app.hall import clock
from app.sharing.bookings.models import Booking
from app.sharing.calendar import slots
from app.sharing.states import BLOCKING, BOOKING, step


def enter(booking: Booking, target: str) -> None:
    """Move the booking to a state; leaving the blocking states frees its slots.

    Credits held for it are the caller's affair (`requests.end_request`): this knows of time only.
    """
    was_blocking = booking.state in BLOCKING
    booking.state = step(BOOKING, booking.state, target)
    if target not in BLOCKING:
        booking.ended_at = booking.ended_at or clock.now()
        if was_blocking:
            slots.free(booking.id)
