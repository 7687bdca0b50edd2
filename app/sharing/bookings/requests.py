"""A request or an offer that comes to nothing: its time is free again, and so are the credits held for it."""

from __future__ import annotations

from app.sharing.bookings import transitions
from app.sharing.bookings.models import Booking
from app.sharing.use import payment


def end_request(booking: Booking, target: str, by: str, reason: str = "") -> None:
    """`rejected` or `expired`; who freed the time tells the waiting list."""
    transitions.enter(booking, target)
    payment.release_credits(booking)
    booking.ended_by, booking.end_reason = by, reason
