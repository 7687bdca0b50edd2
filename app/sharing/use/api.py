"""The API of use: start, stop, note, dispute, adjust."""

from __future__ import annotations

from app.hall.api.idempotency import idempotent
from app.hall.web.guards import current_actor, signed_in
from app.sharing.bookings import answers
from app.sharing.bookings import shapes as bookings_shapes
from app.sharing.bookings.schemas import (
    BookingPath,
)
from app.sharing.calendar.park_time import iso
from app.sharing.catalogue.schemas import (
    ResourcePath,
)
from app.sharing.pages import api
from app.sharing.use import service as use_log
from app.sharing.use import shapes
from app.sharing.use.schemas import AdjustBody, DisputeBody, UsageBody


@api.post("/resources/<int:resource_id>/own-use")
@signed_in
@idempotent
def log_own_use(path: ResourcePath, body: UsageBody) -> tuple[shapes.OwnUse, int]:
    """The owner's own use without a booking; counts towards utilisation."""
    row = use_log.log_own_use(current_actor(), path.resource_id, body.start, body.end, body.note)
    return {"id": row.id, "start": iso(row.start_at), "end": iso(body.end)}, 201


@api.post("/bookings/<int:booking_id>/start")
@signed_in
@idempotent
def start_use(path: BookingPath) -> bookings_shapes.Booking:
    actor = current_actor()
    return answers.booking_out(actor, use_log.start_use(actor, path.booking_id, "api"))


@api.post("/bookings/<int:booking_id>/stop")
@signed_in
@idempotent
def stop_use(path: BookingPath) -> bookings_shapes.Booking:
    actor = current_actor()
    return answers.booking_out(actor, use_log.stop_use(actor, path.booking_id))


@api.post("/bookings/<int:booking_id>/usage")
@signed_in
@idempotent
def log_use(path: BookingPath, body: UsageBody) -> bookings_shapes.Booking:
    """The owner notes the real use; answers the booking with its settlement."""
    actor = current_actor()
    booking = use_log.log_use(actor, path.booking_id, body.start, body.end, body.note, "api")
    return answers.booking_out(actor, booking)


@api.post("/bookings/<int:booking_id>/dispute")
@signed_in
@idempotent
def dispute(path: BookingPath, body: DisputeBody) -> bookings_shapes.Booking:
    actor = current_actor()
    return answers.booking_out(actor, use_log.dispute(actor, path.booking_id, body.reason))


@api.post("/bookings/<int:booking_id>/adjust")
@signed_in
@idempotent
def adjust(path: BookingPath, body: AdjustBody) -> bookings_shapes.Booking:
    """The owner or the park decides a dispute."""
    actor = current_actor()
    return answers.booking_out(actor, use_log.adjust(actor, path.booking_id, body.amount_fen, body.reason))
