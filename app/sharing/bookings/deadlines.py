"""What time does to bookings: requests expire, offers lapse, people do not come."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.standstill import Batch
from app.identity import door as identity
from app.sharing.bookings import records, transitions, waiting_list
from app.sharing.bookings.models import Booking
from app.sharing.bookings.notices import tell_holder
from app.sharing.bookings.records import get_booking
from app.sharing.bookings.requests import end_request
from app.sharing.park_terms import service as park_terms_service
from app.sharing.park_terms.models import Suspension
from app.sharing.use import payment, settlement

# Up to so many bookings end unasked, whatever share of all bookings they are: a young park has few.
ENDS_UNASKED = 100


def _batch(query: sa.Select[int]) -> Batch:
    count = sa.select(sa.func.count())
    part = db.session.scalar(count.select_from(query.order_by(None).subquery()))
    return Batch(
        "bookings", part or 0, ENDS_UNASKED, lambda: db.session.scalar(count.select_from(Booking)) or 0
    )


def batch_unanswered() -> Batch:
    """How many requests would expire now, of all bookings."""
    return _batch(_unanswered())


def batch_missed() -> Batch:
    """How many bookings would become no-shows now, of all bookings."""
    return _batch(_missed())


def _unanswered() -> sa.Select[int]:
    return (
        sa.select(Booking.id)
        .where(Booking.state == "requested", Booking.answer_until <= clock.now())
        .order_by(Booking.answer_until, Booking.id)
    )


def _missed() -> sa.Select[int]:
    """Ended without any use; and, where the park frees what nobody came for, begun so long ago and still to run."""
    terms = park_terms_service.park_terms()
    now = clock.now()
    ended = Booking.end_at <= now - dt.timedelta(minutes=terms.no_show_grace_minutes)
    if terms.absent_minutes > 0:
        since = now - dt.timedelta(minutes=terms.absent_minutes)
        ended = sa.or_(ended, sa.and_(Booking.start_at <= since, Booking.end_at > now))
    return (
        sa.select(Booking.id).where(Booking.state == "confirmed", ended).order_by(Booking.end_at, Booking.id)
    )


def expire_requests() -> int:
    """End requests and offers whose time is up, one transaction each; answers how many."""
    due = db.session.scalars(_unanswered()).all()
    for booking_id in due:
        with transaction():
            booking, resource = get_booking(booking_id, lock=True)
            if booking.state != "requested" or not booking.answer_until:
                continue
            if booking.answer_until > clock.now():
                continue
            end_request(booking, "expired", "time")
            waiting_list.offer_lapsed(booking)
            if booking.source != "offer":
                tell_holder(booking, resource, "booking_expired")
            waiting_list.call_up(resource)
    return len(due)


def mark_no_shows() -> int:
    """Confirmed bookings that ended without any use being noted; answers how many.

    The owner may still log the use by hand for as long as the park's terms say (two days if they say nothing);
    own use is never a no-show, it is closed as unused. Where the park has set a grace time after the start, the rest
    of what nobody came for is free at once, and the waiting list is called.
    """
    due = db.session.scalars(_missed()).all()
    for booking_id in due:
        with transaction():
            booking, resource = get_booking(booking_id, lock=True)
            if booking.state != "confirmed":
                continue
            absent = booking.end_at > clock.now()
            transitions.enter(booking, "no_show")
            booking.ended_by = "time"
            if booking.own_use:
                if absent:
                    waiting_list.call_up(resource)
                continue
            if settlement.settle_ended(booking) is None:
                payment.release_credits(booking)
            settlement.revise_forfeits(booking.unit_id, records.booked(booking), other_than=booking.id)
            tell_holder(booking, resource, "booking_absent" if absent else "booking_no_show")
            _suspend(booking)
            if absent:
                waiting_list.call_up(resource)
    return len(due)


def _suspend(booking: Booking) -> None:
    """Too many no-shows within 90 days suspend the member, where the park has switched that on."""
    terms = park_terms_service.park_terms()
    if terms.no_show_limit <= 0:
        return
    missed = db.session.scalar(
        sa.select(sa.func.count()).where(
            Booking.member_id == booking.member_id,
            Booking.ended_by == "time",
            Booking.state.in_(("no_show", "disputed", "settled")),
            Booking.end_at >= clock.now() - dt.timedelta(days=90),
        )
    )
    if (missed or 0) >= terms.no_show_limit:
        db.session.add(
            Suspension(
                member_id=booking.member_id,
                until_at=clock.now() + dt.timedelta(days=terms.suspension_days),
                reason="no_show",
                created_at=clock.now(),
            )
        )
        identity.audit(identity.SYSTEM, "member.suspended", "member", booking.member_id, "no_show")
