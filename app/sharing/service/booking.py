"""Booking, approving, rejecting, withdrawing, cancelling and moving: each whole or not at all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from app import clock, units
from app.db import db, locked, transaction
from app.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import service as identity
from app.identity.service import Actor
from app.sharing import pricing
from app.sharing.booking_rules import Verdict, Wish
from app.sharing.calendar import Interval, held
from app.sharing.models import Booking, Resource
from app.sharing.park_time import interval, minute_of, moment_of
from app.sharing.service import access, demand, loading, paying, settling, slots, waiting
from app.sharing.service.alternatives import alternatives
from app.sharing.service.judging import judge
from app.sharing.service.wording import refused, worded

LONGEST_PURPOSE = 500


@dataclass(frozen=True)
class Quote:
    """What the popover shows while one drags: the price, and every reason why not with what can be had instead."""

    resource: Resource
    start: dt.datetime
    end: dt.datetime
    price_fen: int
    lines: tuple[pricing.Line, ...]
    verdict: Verdict
    reasons: tuple[Reason, ...]
    alternatives: list[dict[str, Any]]
    own: bool


def quote(
    actor: Actor, resource_id: int, start: dt.datetime, end: dt.datetime, replacing: int | None = None
) -> Quote:
    """Price and check a wish without booking it; with `replacing` as if that booking were given up for it."""
    resource = loading.get_resource(resource_id)
    wish = wish_of(start, end)
    judged = judge(actor, resource, wish, replacing)
    verdict = judged.verdict
    short = Interval(wish.span.start, min(wish.span.end, wish.span.start + 62 * 1440))
    return Quote(
        resource,
        start,
        end,
        pricing.price(judged.tariff, judged.group, [short]),
        tuple(pricing.lines(judged.tariff, judged.group, [short])),
        verdict,
        tuple(worded(r) for r in verdict.reasons),
        alternatives(actor, identity.organisation_of(actor), resource, wish.span) if verdict.reasons else [],
        judged.own,
    )


def wish_of(start: dt.datetime, end: dt.datetime) -> Wish:
    """The wished minutes; moments with seconds are widened to whole minutes and told as off the step."""
    if end <= start:
        raise Invalid("booking_span")
    ragged = any(m.second or m.microsecond for m in (start, end))
    first, last = minute_of(start), minute_of(end)
    if end > moment_of(last):
        last += 1
    return Wish(Interval(first, last), ragged)


def book(
    actor: Actor,
    resource_id: int,
    start: dt.datetime,
    end: dt.datetime,
    purpose: str = "",
    *,
    use_credits: bool = False,
    series_id: int | None = None,
    source: str = "direct",
    unit_id: int | None = None,
) -> Booking:
    """Book [start, end) of a resource for the actor, or say every reason why not and what can be had instead."""
    access.require_writer(actor)
    wish = wish_of(start, end)
    try:
        with transaction():
            resource = loading.get_resource(resource_id, lock=True)
            return place(
                actor, resource, wish, purpose, use_credits=use_credits, series_id=series_id,
                source=source, unit_id=unit_id,
            )  # fmt: skip
    except Conflict as refusal:
        if refusal.code == "booking_refused":
            _help(actor, resource_id, wish, refusal)
        raise


def _help(actor: Actor, resource_id: int, wish: Wish, refusal: Conflict) -> None:
    """Add alternatives to a refusal, and keep the wish as demand that could not be served."""
    resource = loading.get_resource(resource_id)
    organisation = identity.organisation_of(actor)
    refusal.extra["alternatives"] = alternatives(actor, organisation, resource, wish.span)
    codes = [reason.code for reason in refusal.reasons]
    demand.remember(actor, resource, moment_of(wish.span.start), moment_of(wish.span.end), codes)


def place(
    actor: Actor,
    resource: Resource,
    wish: Wish,
    purpose: str,
    *,
    use_credits: bool = False,
    series_id: int | None = None,
    source: str = "direct",
    unit_id: int | None = None,
    replaces: Booking | None = None,
    answer_until: dt.datetime | None = None,
) -> Booking:
    """Judge and write one booking; the resource is locked by the caller. With `answer_until` it is an offer."""
    if len(purpose) > LONGEST_PURPOSE:
        raise Invalid("purpose_too_long", most=LONGEST_PURPOSE)
    replaced = replaces.id if replaces else None
    judged = judge(actor, resource, wish, replaced, unit_id)
    verdict, own = judged.verdict, judged.own
    if verdict.unit is None:
        raise refused(verdict.reasons)
    hold = held(wish.span, resource.buffer_before_minutes, resource.buffer_minutes)
    now = clock.now()
    start_at = moment_of(wish.span.start)
    asks_owner = resource.approval == "owner" and not own and source != "plan"  # the plan is the owner's own
    if asks_owner and answer_until is None:
        answer_until = min(now + dt.timedelta(hours=resource.approval_hours), start_at)
    booking = Booking(
        resource_id=resource.id,
        unit_id=verdict.unit,
        organisation_id=actor.organisation_id,
        member_id=actor.member_id,
        purpose=purpose,
        state="requested" if answer_until else "confirmed",
        start_at=start_at,
        end_at=moment_of(wish.span.end),
        hold_start_at=moment_of(hold.start),
        hold_end_at=moment_of(hold.end),
        own_use=own,
        price_fen=pricing.price(judged.tariff, judged.group, [wish.span]),
        terms=loading.frozen_terms(resource, judged.tariff, judged.group),
        use_credits=use_credits and not own,
        answer_until=answer_until,
        created_at=now,
        series_id=series_id,
        source=source,
        replaces_id=replaced,
    )
    set_committed_value(booking, "resource", resource)  # whoever shows it need not ask for it
    if replaces is not None:
        slots.free(replaces)
    db.session.add(booking)
    db.session.flush()
    slots.take(booking)
    if booking.use_credits:
        paying.hold_credits(actor, booking)
    if booking.state == "confirmed":
        if judged.given_up:
            settling.revise_forfeits(booking.unit_id, wish.span)
    elif source != "offer":
        identity.notify_organisation(
            resource.owner_id, "booking_asked", url_of(booking), roles=access.RUNNERS,
            resource=resource.name, span=plain_span(booking),
        )  # fmt: skip
    return booking


def plain_span(booking: Booking) -> str:
    """`2026-11-25 09:00–12:00`: the same in both languages, for messages that are kept."""
    last = units.clock_time(booking.end_at)
    if clock.day_of(booking.start_at) != clock.day_of(booking.end_at):
        last = units.moment(booking.end_at)
    return f"{units.moment(booking.start_at)}–{last}"


def url_of(booking: Booking) -> str:
    return f"/sharing/bookings/{booking.id}"


def get_booking(booking_id: int, *, lock: bool = False) -> tuple[Booking, Resource]:
    """A booking with its resource; with `lock` the resource first, as every path does, so that none deadlocks."""
    resource_id = db.session.scalar(sa.select(Booking.resource_id).where(Booking.id == booking_id))
    if resource_id is None:
        raise NotFound("booking_not_found")
    resource = loading.get_resource(resource_id, lock=lock)
    query = sa.select(Booking).where(Booking.id == booking_id)
    booking = db.session.scalar(locked(query) if lock else query)
    assert booking is not None
    return booking, resource


def view_booking(actor: Actor, booking_id: int) -> tuple[Booking, Resource]:
    """For reading: only those who may know of it."""
    booking, resource = get_booking(booking_id)
    if not access.sees_holder(actor, booking, resource.owner_id):
        raise NotFound("booking_not_found")
    return booking, resource


def approve(actor: Actor, booking_id: int) -> Booking:
    """The owner says yes to a request."""
    with transaction():
        booking, resource = _for_owner(actor, booking_id)
        if booking.source == "offer":
            raise Conflict("sharing_transition", state=booking.state, target="confirmed")
        if booking.state == "requested" and booking.answer_until and booking.answer_until <= clock.now():
            raise Conflict("request_expired")
        slots.enter(booking, "confirmed")
        booking.answer_until = None
        settling.revise_forfeits(booking.unit_id, loading.booked(booking))
        identity.audit(actor, "booking.approved", "booking", booking.id)
        _tell_holder(booking, resource, "booking_approved")
        return booking


def reject(actor: Actor, booking_id: int, reason: str = "") -> Booking:
    """The owner says no to a request."""
    with transaction():
        booking, resource = _for_owner(actor, booking_id)
        slots.enter(booking, "rejected")
        booking.ended_by, booking.end_reason = "owner", reason[:LONGEST_PURPOSE]
        identity.audit(actor, "booking.rejected", "booking", booking.id, reason)
        _tell_holder(booking, resource, "booking_rejected", reason=reason)
        waiting.call_up(resource)
        return booking


def cancel(actor: Actor, booking_id: int, reason: str = "") -> Booking:
    """Give a booking up: free in time or by the owner, else for the share the terms name.

    A request that nobody has answered is withdrawn (it expires at once), free of charge.
    """
    access.require_writer(actor)
    with transaction():
        booking, resource = get_booking(booking_id, lock=True)
        by_holder = access.holds(actor, booking)
        by_owner = access.runs(actor, resource.owner_id) or actor.has("park_admin")
        if not by_holder and not by_owner:
            if access.sees_holder(actor, booking, resource.owner_id):
                raise NotAllowed("booking_not_yours")
            raise NotFound("booking_not_found")
        if not by_holder and not reason.strip():
            reason = ""
        if booking.state == "requested":
            slots.enter(booking, "expired")
            booking.ended_by, booking.end_reason = (
                "holder" if by_holder else "owner",
                reason[:LONGEST_PURPOSE],
            )
            waiting.offer_declined(booking)
        else:
            _cancel_confirmed(booking, "holder" if by_holder else "owner", reason)
            identity.audit(actor, "booking.cancelled", "booking", booking.id, reason, late=booking.late)
            if not by_holder:
                _tell_holder(booking, resource, "booking_cancelled", reason=reason)
        waiting.call_up(resource)
        return booking


def _cancel_confirmed(booking: Booking, by: str, reason: str) -> None:
    slots.enter(booking, "cancelled")
    booking.ended_by, booking.end_reason = by, reason[:LONGEST_PURPOSE]
    free_until = int(booking.terms["late_cancel_hours"]) * 60
    late = pricing.is_late(minute_of(booking.start_at), minute_of(clock.now()), free_until)
    booking.late = late and by == "holder" and not booking.own_use
    if settling.settle_ended(booking) is None:
        paying.release_credits(booking)
    settling.revise_forfeits(booking.unit_id, loading.booked(booking), other_than=booking.id)


def cancel_for_outage(booking: Booking, reason: str) -> None:
    """The owner's instrument stands still: free of charge; the holder is told by `tell_of_outage`."""
    if booking.state == "requested":
        if booking.source == "offer":
            slots.enter(booking, "expired")
            waiting.offer_taken_away(booking)
            booking.ended_by, booking.end_reason = "outage", reason
            return
        slots.enter(booking, "rejected")
    else:
        slots.enter(booking, "cancelled")
    booking.ended_by, booking.end_reason = "outage", reason
    paying.release_credits(booking)
    settling.revise_forfeits(booking.unit_id, loading.booked(booking), other_than=booking.id)


def tell_of_outage(booking: Booking, resource: Resource) -> None:
    """With alternatives that are free after everything the outage set in motion."""
    if booking.source == "offer" and booking.state == "expired":
        return  # back on the waiting list, which tells for itself
    holder = Actor(booking.member_id, booking.organisation_id, "", frozenset())
    organisation = identity.get_organisation(booking.organisation_id)
    booking.alternatives = alternatives(holder, organisation, resource, span_of(booking), 3)
    _tell_holder(booking, resource, "booking_hit_by_outage", reason=booking.end_reason)


def move(
    actor: Actor, booking_id: int, start: dt.datetime, end: dt.datetime, resource_id: int | None = None
) -> Booking:
    """Take another time and free the old one in one transaction; the new booking names the one it replaces."""
    access.require_writer(actor)
    wish = wish_of(start, end)
    target_id = resource_id
    try:
        with transaction():
            here = db.session.scalar(sa.select(Booking.resource_id).where(Booking.id == booking_id))
            if here is None:
                raise NotFound("booking_not_found")
            target_id = resource_id or here
            resources = loading.lock_resources([here, target_id])
            if target_id not in resources:
                raise NotFound("resource_not_found")
            old, old_resource = get_booking(booking_id, lock=True)
            if not access.holds(actor, old):
                if access.sees_holder(actor, old, old_resource.owner_id):
                    raise NotAllowed("booking_not_yours")
                raise NotFound("booking_not_found")
            if old.state not in ("requested", "confirmed") or old.source == "offer":
                raise Conflict("sharing_transition", state=old.state, target="cancelled")
            holder = replace(actor, member_id=old.member_id, organisation_id=old.organisation_id)
            new = place(
                holder, resources[target_id], wish, old.purpose,
                use_credits=old.use_credits, series_id=old.series_id, source="moved", replaces=old,
            )  # fmt: skip
            if old.state == "requested":
                slots.enter(old, "expired")
                old.ended_by = "moved"
            else:
                _cancel_confirmed(old, "holder", "")
                old.ended_by = "moved"
            identity.audit(actor, "booking.moved", "booking", old.id, to=new.id)
            waiting.call_up(old_resource)
            return new
    except Conflict as refusal:
        if refusal.code == "booking_refused" and target_id is not None:
            _help(actor, target_id, wish, refusal)
        raise


def _for_owner(actor: Actor, booking_id: int) -> tuple[Booking, Resource]:
    booking, resource = get_booking(booking_id, lock=True)
    if not (access.runs(actor, resource.owner_id) or actor.has("park_admin")):
        if access.sees_holder(actor, booking, resource.owner_id):
            raise NotAllowed("sharing_owner_only")
        raise NotFound("booking_not_found")
    return booking, resource


def _tell_holder(booking: Booking, resource: Resource, code: str, **params: Any) -> None:
    identity.notify_member(
        booking.member_id, code, url_of(booking), resource=resource.name, span=plain_span(booking), **params
    )


def span_of(booking: Booking) -> Interval:
    return interval(booking.start_at, booking.end_at)
