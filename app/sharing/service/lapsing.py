"""What time does to bookings: requests expire, offers lapse, people do not come."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app import clock
from app.db import db, transaction
from app.identity import service as identity
from app.sharing.models import Booking, Resource, Suspension
from app.sharing.service import loading, paying, settling, slots, waiting
from app.sharing.service.booking import get_booking, plain_span, url_of


def expire_requests() -> int:
    """End requests and offers whose time is up, one transaction each; answers how many."""
    due = db.session.scalars(
        sa.select(Booking.id)
        .where(Booking.state == "requested", Booking.answer_until <= clock.now())
        .order_by(Booking.answer_until, Booking.id)
    ).all()
    for booking_id in due:
        with transaction():
            booking, resource = get_booking(booking_id, lock=True)
            if booking.state != "requested" or not booking.answer_until:
                continue
            if booking.answer_until > clock.now():
                continue
            slots.enter(booking, "expired")
            booking.ended_by = "time"
            waiting.offer_lapsed(booking)
            if booking.source != "offer":
                _tell(booking, resource, "booking_expired")
            waiting.call_up(resource)
    return len(due)


def mark_no_shows() -> int:
    """Confirmed bookings that ended without any use being noted; answers how many.

    The owner may still log the use by hand for as long as the park's terms say (two days if they say nothing);
    own use is never a no-show, it is closed as unused.
    """
    before = clock.now() - dt.timedelta(minutes=loading.park_terms().no_show_grace_minutes)
    due = db.session.scalars(
        sa.select(Booking.id)
        .where(Booking.state == "confirmed", Booking.end_at <= before)
        .order_by(Booking.end_at, Booking.id)
    ).all()
    for booking_id in due:
        with transaction():
            booking, resource = get_booking(booking_id, lock=True)
            if booking.state != "confirmed":
                continue
            slots.enter(booking, "no_show")
            booking.ended_by = "time"
            if booking.own_use:
                continue
            if settling.settle_ended(booking) is None:
                paying.release_credits(booking)
            _tell(booking, resource, "booking_no_show")
            _suspend(booking)
    return len(due)


def _suspend(booking: Booking) -> None:
    """Too many no-shows within 90 days suspend the member, where the park has switched that on."""
    terms = loading.park_terms()
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


def _tell(booking: Booking, resource: Resource, code: str) -> None:
    identity.notify_member(
        booking.member_id, code, url_of(booking), resource=resource.name, span=plain_span(booking)
    )
