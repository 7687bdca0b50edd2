"""What giving a booking up, or moving it, would cost now: shown before anybody says yes."""

from __future__ import annotations

import datetime as dt

from app import clock
from app.errors import NotFound
from app.identity.service import Actor
from app.sharing import pricing
from app.sharing.models import Booking
from app.sharing.park_time import interval, minute_of
from app.sharing.service import access, loading
from app.sharing.service.booking import get_booking


def movable(actor: Actor, booking_id: int) -> Booking:
    """A booking this member may move, else not found."""
    booking, _resource = get_booking(booking_id)
    if not access.holds(actor, booking) or booking.state not in ("requested", "confirmed"):
        raise NotFound("booking_not_found")
    return booking


def fee(booking: Booking, kept: tuple[dt.datetime, dt.datetime] | None = None) -> int:
    """Fen the holder would owe for giving the booking up now, but for the time it keeps by moving to `kept`."""
    terms = booking.terms
    deadline = int(terms["late_cancel_hours"]) * 60
    late = pricing.is_late(minute_of(booking.start_at), minute_of(clock.now()), deadline)
    if booking.state != "confirmed" or booking.own_use or not late:
        return 0
    return pricing.forfeit(
        loading.tariff_from(terms),
        terms["group"],
        loading.booked(booking),
        float(terms["late_cancel_ratio"]),
        "late_cancellation",
        [interval(*kept)] if kept else (),
    ).amount_fen


def free_until(booking: Booking) -> dt.datetime:
    """Until when giving it up costs nothing."""
    return booking.start_at - dt.timedelta(hours=int(booking.terms["late_cancel_hours"]))
