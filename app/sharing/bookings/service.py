"""Booking, approving, rejecting, withdrawing, cancelling and moving: each whole or not at all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, NotFound, Reason
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing import access
from app.sharing.bookings import cancellation, demand, shapes, situation, transitions, waiting_list
from app.sharing.bookings import records as booking_records
from app.sharing.bookings.alternatives import alternatives
from app.sharing.bookings.models import Booking
from app.sharing.bookings.notices import tell_holder
from app.sharing.bookings.reasons import worded
from app.sharing.bookings.records import get_booking
from app.sharing.bookings.register import LONGEST_PURPOSE, Order, place
from app.sharing.bookings.requests import end_request
from app.sharing.bookings.rules import Decision, Wish, decide
from app.sharing.calendar.park_time import moment_of
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Resource
from app.sharing.use import payment, settlement


@dataclass(frozen=True)
class Quote:
    """What the popover shows while one drags: the price, and every reason why not with what can be had instead."""

    resource: Resource
    start: dt.datetime
    end: dt.datetime
    decision: Decision
    reasons: tuple[Reason, ...]
    alternatives: list[shapes.Alternative]
    own: bool


def quote(
    actor: Actor, resource_id: int, start: dt.datetime, end: dt.datetime, replacing: int | None = None
) -> Quote:
    """Price and check a wish without booking it; with `replacing` as if that booking were given up for it."""
    resource = resource_records.get_found(actor, resource_id)
    wish = situation.wish_of(start, end)
    facts = situation.read(actor, resource, wish, replacing)
    decision = decide(wish, facts)
    instead: list[shapes.Alternative] = []
    if decision.reasons:
        instead = alternatives(actor, identity.organisation_of(actor), resource, wish.span)
    told = tuple(worded(reason) for reason in decision.reasons)
    return Quote(resource, start, end, decision, told, instead, facts.standing.own_resource)


def book(
    actor: Actor, resource_id: int, start: dt.datetime, end: dt.datetime, order: Order | None = None
) -> Booking:
    """Book [start, end) of a resource for the actor, or say every reason why not and what can be had instead."""
    access.require_writer(actor)
    wish = situation.wish_of(start, end)
    try:
        with transaction():
            resource = resource_records.get_found(actor, resource_id, lock=True)
            return place(actor, resource, wish, order or Order())
    except Conflict as refusal:
        if refusal.code == "booking_refused":
            _help(actor, resource_id, wish, refusal)
        raise


def _help(actor: Actor, resource_id: int, wish: Wish, refusal: Conflict) -> None:
    """Add alternatives to a refusal, and keep the wish as demand that could not be served."""
    resource = resource_records.get_resource(resource_id)
    organisation = identity.organisation_of(actor)
    refusal.extra["alternatives"] = alternatives(actor, organisation, resource, wish.span)
    codes = [reason.code for reason in refusal.reasons]
    demand.remember(actor, resource, moment_of(wish.span.start), moment_of(wish.span.end), codes)


def approve(actor: Actor, booking_id: int) -> Booking:
    """The owner says yes to a request."""
    with transaction():
        booking, resource = booking_records.owners_booking(actor, booking_id)
        if booking.source == "offer":
            raise Conflict("sharing_transition", state=booking.state, target="confirmed")
        if booking.state == "requested" and booking.answer_until and booking.answer_until <= clock.now():
            raise Conflict("request_expired")
        transitions.enter(booking, "confirmed")
        booking.answer_until = None
        settlement.revise_forfeits(booking.unit_id, booking_records.booked(booking))
        identity.audit(actor, "booking.approved", "booking", booking.id)
        tell_holder(booking, resource, "booking_approved")
        return booking


def reject(actor: Actor, booking_id: int, reason: str = "") -> Booking:
    """The owner says no to a request."""
    with transaction():
        booking, resource = booking_records.owners_booking(actor, booking_id)
        end_request(booking, "rejected", "owner", reason[:LONGEST_PURPOSE])
        identity.audit(actor, "booking.rejected", "booking", booking.id, reason)
        tell_holder(booking, resource, "booking_rejected", reason=reason)
        waiting_list.call_up(resource)
        return booking


def cancel(actor: Actor, booking_id: int, reason: str = "") -> Booking:
    """Give a booking up: free in time or by the owner, else for the share the terms name.

    A request that nobody has answered is withdrawn (it expires at once), free of charge.
    """
    access.require_writer(actor)
    with transaction():
        booking, resource = get_booking(booking_id, lock=True)
        by_holder = access.holds(actor, booking)
        by_owner = access.runs(actor, resource.owner_id) or actor.may(roles.RUNS_ALL_RESOURCES)
        if not by_holder and not by_owner:
            raise booking_records.refusal(actor, booking, resource)
        if not by_holder and not reason.strip():
            reason = ""
        if booking.state == "requested":
            end_request(booking, "expired", "holder" if by_holder else "owner", reason[:LONGEST_PURPOSE])
            waiting_list.offer_declined(booking)
        else:
            _cancel_confirmed(booking, "holder" if by_holder else "owner", reason)
            identity.audit(actor, "booking.cancelled", "booking", booking.id, reason, late=booking.late)
            if not by_holder:
                tell_holder(booking, resource, "booking_cancelled", reason=reason)
        waiting_list.call_up(resource)
        return booking


def _cancel_confirmed(booking: Booking, by: str, reason: str) -> None:
    transitions.enter(booking, "cancelled")
    booking.ended_by, booking.end_reason = by, reason[:LONGEST_PURPOSE]
    booking.late = cancellation.is_late(booking) and by == "holder" and not booking.own_use
    if settlement.settle_ended(booking) is None:
        payment.release_credits(booking)
    settlement.revise_forfeits(booking.unit_id, booking_records.booked(booking), other_than=booking.id)


def cancel_for_outage(booking: Booking, reason: str) -> None:
    """The owner's instrument stands still: free of charge; the holder is told by `tell_of_outage`."""
    if booking.state == "requested":
        if booking.source == "offer":
            end_request(booking, "expired", "outage", reason)
            waiting_list.offer_taken_away(booking)
            return
        end_request(booking, "rejected", "outage", reason)
    else:
        transitions.enter(booking, "cancelled")
    booking.ended_by, booking.end_reason = "outage", reason
    payment.release_credits(booking)
    settlement.revise_forfeits(booking.unit_id, booking_records.booked(booking), other_than=booking.id)


def tell_of_outage(booking: Booking, resource: Resource) -> None:
    """With alternatives that are free after everything the outage set in motion."""
    if booking.source == "offer" and booking.state == "expired":
        return  # back on the waiting list, which tells for itself
    holder = Actor(booking.member_id, booking.organisation_id, "", frozenset())
    organisation = identity.get_organisation(booking.organisation_id)
    booking.alternatives = alternatives(holder, organisation, resource, booking_records.booked(booking), 3)
    tell_holder(booking, resource, "booking_hit_by_outage", reason=booking.end_reason)


def move(
    actor: Actor,
    booking_id: int,
    start: dt.datetime,
    end: dt.datetime | None = None,
    resource_id: int | None = None,
) -> Booking:
    """Take another time and free the old one in one transaction; the new booking names the one it replaces.

    Without an end the booking keeps its length.
    """
    access.require_writer(actor)
    wish = situation.wish_of(start, end or start + _length(booking_id))
    target_id = resource_id
    try:
        with transaction():
            here = db.session.scalar(sa.select(Booking.resource_id).where(Booking.id == booking_id))
            if here is None:
                raise NotFound("booking_not_found")
            target_id = resource_id or here
            resources = resource_records.lock_resources([here, target_id])
            target = resources.get(target_id)
            if target is None or not resource_records.may_find(actor, target):
                raise NotFound("resource_not_found")
            old, old_resource = get_booking(booking_id, lock=True)
            if not access.holds(actor, old):
                raise booking_records.refusal(actor, old, old_resource)
            if old.state not in ("requested", "confirmed") or old.source == "offer":
                raise Conflict("sharing_transition", state=old.state, target="cancelled")
            holder = replace(actor, member_id=old.member_id, organisation_id=old.organisation_id)
            new = place(
                holder,
                resources[target_id],
                wish,
                Order(
                    old.purpose,
                    use_credits=old.use_credits,
                    series_id=old.series_id,
                    source="moved",
                    replaces=old,
                ),
            )
            if old.state == "requested":
                end_request(old, "expired", "moved")
            else:
                _cancel_confirmed(old, "holder", "")
                old.ended_by = "moved"
            identity.audit(actor, "booking.moved", "booking", old.id, to=new.id)
            waiting_list.call_up(old_resource)
            return new
    except Conflict as refusal:
        if refusal.code == "booking_refused" and target_id is not None:
            _help(actor, target_id, wish, refusal)
        raise


def _length(booking_id: int) -> dt.timedelta:
    span = db.session.execute(
        sa.select(Booking.start_at, Booking.end_at).where(Booking.id == booking_id)
    ).one_or_none()
    if span is None:
        raise NotFound("booking_not_found")
    return span.end_at - span.start_at
