"""What giving a booking up, or moving it, would cost now: shown before anybody says yes."""

from __future__ import annotations

import datetime as dt

from app.hall import clock
from app.hall.errors import NotFound
from app.identity.door import Actor
from app.sharing import access
from app.sharing.bookings import records as booking_records
from app.sharing.bookings.models import Booking
from app.sharing.bookings.records import get_booking
from app.sharing.calendar.park_time import interval, minute_of
from app.sharing.use import rules as use_rules
from app.sharing.use import settlement, tariffs


def movable(actor: Actor, booking_id: int) -> Booking:
    """A booking this member may move, else not found."""
    booking, _resource = get_booking(booking_id)
    if not access.holds(actor, booking) or booking.state not in ("requested", "confirmed"):
        raise NotFound("booking_not_found")
    return booking


def is_late(booking: Booking) -> bool:
    """Whether giving it up now is past the free time of its own terms: asked here and nowhere else."""
    deadline = int(booking.terms["late_cancel_hours"]) * 60
    return use_rules.is_late(minute_of(booking.start_at), minute_of(clock.now()), deadline)


def fee(booking: Booking, kept: tuple[dt.datetime, dt.datetime] | None = None) -> int:
    """Fen the holder would owe for giving the booking up now, but for the time it keeps by moving to `kept`.

    An hour of it that was given up before is paid once: what was owed for it then comes off.
    """
    terms = booking.terms
    if booking.state != "confirmed" or booking.own_use or not is_late(booking):
        return 0
    owed = use_rules.forfeit(
        tariffs.tariff_from(terms),
        terms["group"],
        booking_records.booked(booking),
        float(terms["late_cancel_ratio"]),
        "late_cancellation",
        [interval(*kept)] if kept else (),
    ).amount_fen
    return max(0, owed - settlement.relief(booking))


def free_until(booking: Booking) -> dt.datetime:
    """Until when giving it up costs nothing."""
    return booking.start_at - dt.timedelta(hours=int(booking.terms["late_cancel_hours"]))
