"""The API of bookings, series and the waiting list."""

from __future__ import annotations

from typing import Any

from app.api import PartQuery, idempotent, listed, listed_part
from app.sharing import service
from app.sharing.api_blueprint import api
from app.sharing.api_bodies import (
    AdjustBody,
    BookingBody,
    BookingPath,
    BookingQuery,
    DisputeBody,
    EntryPath,
    MoveBody,
    ReasonBody,
    SeriesBody,
    UsageBody,
    WaitBody,
)
from app.sharing.service import showing
from app.web import current_actor, signed_in


@api.post("/bookings")
@signed_in
@idempotent
def create_booking(body: BookingBody) -> Any:
    """Book, or hear every reason why not with alternatives."""
    actor = current_actor()
    booking = service.book(
        actor, body.resource, body.start, body.end, body.purpose, use_credits=body.use_credits
    )
    return showing.booking_out(actor, booking), 201


@api.get("/bookings")
@signed_in
def list_bookings(query: BookingQuery) -> Any:
    """My organisation's bookings, or (scope=owner) those of what it shares; newest start first."""
    actor = current_actor()
    rows, total = service.list_bookings(
        actor, query.scope, query.state, query.resource, query.limit, query.offset
    )
    return listed(showing.bookings_out(actor, rows), total)


@api.get("/bookings/<int:booking_id>")
@signed_in
def show_booking(path: BookingPath) -> Any:
    actor = current_actor()
    return showing.booking_out(actor, service.view_booking(actor, path.booking_id)[0])


@api.post("/bookings/<int:booking_id>/approve")
@signed_in
@idempotent
def approve(path: BookingPath) -> Any:
    actor = current_actor()
    return showing.booking_out(actor, service.approve(actor, path.booking_id))


@api.post("/bookings/<int:booking_id>/reject")
@signed_in
@idempotent
def reject(path: BookingPath, body: ReasonBody) -> Any:
    actor = current_actor()
    return showing.booking_out(actor, service.reject(actor, path.booking_id, body.reason))


@api.post("/bookings/<int:booking_id>/cancel")
@signed_in
@idempotent
def cancel(path: BookingPath, body: ReasonBody) -> Any:
    """Free in time or by the owner, else the late share; a request nobody answered yet is withdrawn."""
    actor = current_actor()
    return showing.booking_out(actor, service.cancel(actor, path.booking_id, body.reason))


@api.post("/bookings/<int:booking_id>/move")
@signed_in
@idempotent
def move(path: BookingPath, body: MoveBody) -> Any:
    """Take another time and free the old one in one transaction."""
    actor = current_actor()
    booking = service.move(actor, path.booking_id, body.start, body.end, body.resource)
    return showing.booking_out(actor, booking), 201


@api.post("/bookings/<int:booking_id>/start")
@signed_in
@idempotent
def start_use(path: BookingPath) -> Any:
    actor = current_actor()
    return showing.booking_out(actor, service.start_use(actor, path.booking_id, "api"))


@api.post("/bookings/<int:booking_id>/stop")
@signed_in
@idempotent
def stop_use(path: BookingPath) -> Any:
    actor = current_actor()
    return showing.booking_out(actor, service.stop_use(actor, path.booking_id, "api"))


@api.post("/bookings/<int:booking_id>/usage")
@signed_in
@idempotent
def log_use(path: BookingPath, body: UsageBody) -> Any:
    """The owner notes the real use; answers the booking with its settlement."""
    actor = current_actor()
    booking = service.log_use(actor, path.booking_id, body.start, body.end, body.note, "api")
    return showing.booking_out(actor, booking)


@api.post("/bookings/<int:booking_id>/dispute")
@signed_in
@idempotent
def dispute(path: BookingPath, body: DisputeBody) -> Any:
    actor = current_actor()
    return showing.booking_out(actor, service.dispute(actor, path.booking_id, body.reason))


@api.post("/bookings/<int:booking_id>/adjust")
@signed_in
@idempotent
def adjust(path: BookingPath, body: AdjustBody) -> Any:
    """The owner or the park decides a dispute."""
    actor = current_actor()
    return showing.booking_out(actor, service.adjust(actor, path.booking_id, body.amount_fen, body.reason))


@api.post("/booking-series")
@signed_in
@idempotent
def create_series(body: SeriesBody) -> Any:
    """The same hours every week: all of them, or with `partly` those that fit."""
    actor = current_actor()
    result = service.book_series(
        actor, body.resource, body.start, body.end, body.weeks, body.purpose,
        every=body.every, partly=body.partly, use_credits=body.use_credits,
    )  # fmt: skip
    return {
        "id": result.series_id,
        "bookings": showing.bookings_out(actor, result.bookings),
        "misfits": [service.misfit_out(m) for m in result.misfits],
    }, 201


@api.get("/waitlist")
@signed_in
def list_waitlist(query: PartQuery) -> Any:
    """One's organisation's entries, newest first; `position` is the place in the line, 1 is asked first."""
    entries = service.list_entries(current_actor())
    places = service.waiting_positions(entries)
    return listed_part([service.waitlist_out(e, places.get(e.id)) for e in entries], query)


@api.post("/waitlist")
@signed_in
@idempotent
def join_waitlist(body: WaitBody) -> Any:
    """Wait for so many minutes anywhere inside [start, end)."""
    entry = service.join_waitlist(
        current_actor(), body.resource, body.start, body.end, body.minutes, body.purpose
    )
    return service.waitlist_out(entry, service.waiting_positions([entry]).get(entry.id)), 201


@api.post("/waitlist/<int:entry_id>/accept")
@signed_in
@idempotent
def accept_offer(path: EntryPath) -> Any:
    actor = current_actor()
    return showing.booking_out(actor, service.accept_offer(actor, path.entry_id))


@api.post("/waitlist/<int:entry_id>/leave")
@signed_in
@idempotent
def leave_waitlist(path: EntryPath) -> Any:
    service.leave_waitlist(current_actor(), path.entry_id)
    return {"id": path.entry_id, "state": "lapsed"}
