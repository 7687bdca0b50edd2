"""The API of bookings, series, quotes and the waiting list."""

from __future__ import annotations

from app.hall.api.blueprint import listed, listed_part
from app.hall.api.fields import PartQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.errors import Invalid
from app.hall.web.guards import current_actor, signed_in
from app.sharing.bookings import answers, extension, lists, series, shapes, waiting_list
from app.sharing.bookings import records as booking_records
from app.sharing.bookings import service as booking_service
from app.sharing.bookings.register import Order
from app.sharing.bookings.schemas import (
    BookingBody,
    BookingPath,
    BookingQuery,
    EntryPath,
    ExtendBody,
    MoveBody,
    SeriesBody,
    SeriesCancelBody,
    SeriesMoveBody,
    SeriesPath,
    WaitBody,
)
from app.sharing.calendar import park_time
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue import search
from app.sharing.catalogue.schemas import (
    ResourcePath,
    SpanQuery,
)
from app.sharing.fields import ReasonBody
from app.sharing.pages import api


@api.get("/resources/<int:resource_id>/availability")
@signed_in
def availability(path: ResourcePath, query: SpanQuery) -> shapes.Availability:
    """Maximal intervals in which every wish that respects step and length can be booked."""
    if query.to <= query.from_:
        raise Invalid("booking_span")
    resource = resource_records.get_found(current_actor(), path.resource_id)
    bookable = resource.status == "listed" and resource.kind == "equipment"
    free = search.free_of([resource], query.from_, query.to)[resource.id] if bookable else []
    return {"resource": resource.id, "free": park_time.intervals_out(free)}


@api.get("/resources/<int:resource_id>/quote")
@signed_in
def quote(path: ResourcePath, query: SpanQuery) -> shapes.Quote:
    """Price and check a wish without booking it."""
    return answers.quote_out(booking_service.quote(current_actor(), path.resource_id, query.from_, query.to))


@api.post("/bookings")
@signed_in
@idempotent
def create_booking(body: BookingBody) -> tuple[shapes.Booking, int]:
    """Book, or hear every reason why not with alternatives."""
    actor = current_actor()
    booking = booking_service.book(
        actor, body.resource, body.start, body.end, Order(body.purpose, use_credits=body.use_credits)
    )
    return answers.booking_out(actor, booking), 201


@api.get("/bookings")
@signed_in
def list_bookings(query: BookingQuery) -> Listed[shapes.Booking]:
    """My organisation's bookings, or (scope=owner) those of what it shares; newest start first."""
    actor = current_actor()
    rows, total = lists.list_bookings(
        actor, query.scope, query.state, query.resource, query.limit, query.offset
    )
    return listed(answers.bookings_out(actor, rows), total)


@api.get("/bookings/<int:booking_id>")
@signed_in
def show_booking(path: BookingPath) -> shapes.Booking:
    actor = current_actor()
    return answers.booking_out(actor, booking_records.view_booking(actor, path.booking_id)[0])


@api.post("/bookings/<int:booking_id>/approve")
@signed_in
@idempotent
def approve(path: BookingPath) -> shapes.Booking:
    actor = current_actor()
    return answers.booking_out(actor, booking_service.approve(actor, path.booking_id))


@api.post("/bookings/<int:booking_id>/reject")
@signed_in
@idempotent
def reject(path: BookingPath, body: ReasonBody) -> shapes.Booking:
    actor = current_actor()
    return answers.booking_out(actor, booking_service.reject(actor, path.booking_id, body.reason))


@api.post("/bookings/<int:booking_id>/cancel")
@signed_in
@idempotent
def cancel(path: BookingPath, body: ReasonBody) -> shapes.Booking:
    """Free in time or by the owner, else the late share; a request nobody answered yet is withdrawn."""
    actor = current_actor()
    return answers.booking_out(actor, booking_service.cancel(actor, path.booking_id, body.reason))


@api.post("/bookings/<int:booking_id>/move")
@signed_in
@idempotent
def move(path: BookingPath, body: MoveBody) -> tuple[shapes.Booking, int]:
    """Take another time and free the old one in one transaction."""
    actor = current_actor()
    booking = booking_service.move(actor, path.booking_id, body.start, body.end, body.resource)
    return answers.booking_out(actor, booking), 201


@api.post("/booking-series")
@signed_in
@idempotent
def create_series(body: SeriesBody) -> tuple[shapes.BookingSeries, int]:
    """The same hours on many days: all of them, or with `partly` those that fit."""
    actor = current_actor()
    result = series.book_series(
        actor,
        body.resource,
        body.start,
        body.end,
        series.Rhythm(body.weeks, body.every, body.partly, body.rhythm, frozenset(body.weekdays)),
        Order(body.purpose, use_credits=body.use_credits),
    )
    return {
        "id": result.series_id,
        "bookings": answers.bookings_out(actor, result.bookings),
        "misfits": [series.misfit_out(m) for m in result.misfits],
    }, 201


@api.post("/booking-series/<int:series_id>/cancel")
@signed_in
@idempotent
def cancel_series(path: SeriesPath, body: SeriesCancelBody) -> shapes.SeriesCancelled:
    """Give up every date from that day on, each on its own terms."""
    actor = current_actor()
    rows = series.cancel_from(actor, path.series_id, body.from_, body.reason)
    return {"items": answers.bookings_out(actor, rows)}


@api.post("/booking-series/<int:series_id>/move")
@signed_in
@idempotent
def move_series(path: SeriesPath, body: SeriesMoveBody) -> shapes.SeriesMoved:
    """Every date from that day on at another time; all of them or none."""
    actor = current_actor()
    rows = series.move_from(actor, path.series_id, body.from_, body.time, body.days)
    return {"items": answers.bookings_out(actor, rows)}


@api.post("/booking-series/<int:series_id>/take-in")
@signed_in
@idempotent
def fill_series(path: SeriesPath) -> shapes.SeriesFilled:
    """Try the dates again that were left out."""
    actor = current_actor()
    result = series.take_in(actor, path.series_id)
    return {
        "bookings": answers.bookings_out(actor, result.bookings),
        "misfits": [series.misfit_out(m) for m in result.misfits],
    }


@api.post("/bookings/<int:booking_id>/extend")
@signed_in
@idempotent
def extend(path: BookingPath, body: ExtendBody) -> shapes.Booking:
    """A running booking goes on until `end`, while its unit is free."""
    actor = current_actor()
    return answers.booking_out(actor, extension.extend(actor, path.booking_id, body.end))


@api.get("/waitlist")
@signed_in
def list_waitlist(query: PartQuery) -> Listed[shapes.WaitlistEntry]:
    """One's organisation's entries, newest first; `position` is the place in the line, 1 is asked first."""
    entries = waiting_list.list_entries(current_actor())
    places = waiting_list.positions(entries)
    return listed_part([answers.waitlist_out(e, places.get(e.id)) for e in entries], query)


@api.post("/waitlist")
@signed_in
@idempotent
def join_waitlist(body: WaitBody) -> tuple[shapes.WaitlistEntry, int]:
    """Wait for so many minutes anywhere inside [start, end)."""
    entry = waiting_list.join(
        current_actor(), body.resource, body.start, body.end, body.minutes, body.purpose
    )
    return answers.waitlist_out(entry, waiting_list.positions([entry]).get(entry.id)), 201


@api.post("/waitlist/<int:entry_id>/accept")
@signed_in
@idempotent
def accept_offer(path: EntryPath) -> shapes.Booking:
    actor = current_actor()
    return answers.booking_out(actor, waiting_list.accept(actor, path.entry_id))


@api.post("/waitlist/<int:entry_id>/leave")
@signed_in
@idempotent
def leave_waitlist(path: EntryPath) -> shapes.WaitlistLeft:
    waiting_list.leave(current_actor(), path.entry_id)
    return {"id": path.entry_id, "state": "lapsed"}
