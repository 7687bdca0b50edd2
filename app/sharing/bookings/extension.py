"""A running booking goes on while its unit is free: later end, same booking, the terms it was made with."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from app.hall import clock
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import door as identity
from app.identity.door import Actor
from app.sharing import access
from app.sharing.bookings import records, situation
from app.sharing.bookings.models import Booking
from app.sharing.bookings.reasons import refused
from app.sharing.bookings.rules import Decision, Wish, decide
from app.sharing.calendar import slots
from app.sharing.calendar.park_time import minute_of, moment_of
from app.sharing.calendar.rules import Interval, held
from app.sharing.catalogue.models import Resource
from app.sharing.use import rules as use_rules
from app.sharing.use import settlement, tariffs

MOST_OFFERED = 8
"""So many later ends are offered on the page, one step apart."""


def runs_now(booking: Booking) -> bool:
    """In use, or its hours have begun and nobody has noted the use yet."""
    begun = booking.state == "confirmed" and booking.start_at <= clock.now() < booking.end_at
    return booking.state == "in_use" or begun


def extend(actor: Actor, booking_id: int, end: dt.datetime) -> Booking:
    """The same booking until `end`, or every reason why not."""
    access.require_writer(actor)
    with transaction():
        booking, resource = records.get_booking(booking_id, lock=True)
        _may_extend(actor, booking, resource)
        if end <= booking.end_at:
            raise Invalid("extension_span")
        decision = _decide(booking, resource, end)
        if decision.unit is None:
            raise refused(decision.reasons)
        before = booking.end_at
        added = Interval(minute_of(before), minute_of(end))
        kept_until = moment_of(held(added, 0, resource.buffer_minutes).end)
        booking.end_at, booking.hold_end_at = end, max(booking.hold_end_at, kept_until)
        _reprice(booking)
        slots.free(booking.id)
        kept = Interval(minute_of(booking.hold_start_at), minute_of(booking.hold_end_at))
        if not slots.take(booking.unit_id, booking.id, kept):
            raise refused([Reason("taken", {"spans": ((kept.start, kept.end),)})])
        settlement.revise_forfeits(booking.unit_id, added)
        identity.audit(actor, "booking.extended", "booking", booking.id, until=end.isoformat())
        return booking


def _reprice(booking: Booking) -> None:
    if not booking.own_use:
        tariff = tariffs.tariff_from(booking.terms)
        booking.price_fen = use_rules.price(tariff, booking.terms["group"], [records.booked(booking)])


def _may_extend(actor: Actor, booking: Booking, resource: Resource) -> None:
    runs = access.runs(actor, resource.owner_id)
    if not (access.holds(actor, booking) or runs):
        raise records.refusal(actor, booking, resource)
    if not runs_now(booking):
        raise Conflict("extension_not_now")
    if resource.approval == "owner" and not (runs or booking.own_use):
        raise NotAllowed("extension_owner")


def _decide(booking: Booking, resource: Resource, end: dt.datetime) -> Decision:
    """The added time alone is judged: what has run already is not asked about again."""
    asked = situation.wish_of(booking.end_at, end)
    holder = Actor(booking.member_id, booking.organisation_id, "", frozenset())
    facts = situation.read(holder, resource, asked, booking.id, booking.unit_id)
    ran = records.booked(booking).minutes
    held_already = 0 if facts.standing.own_resource else ran
    facts = replace(
        facts,
        terms=replace(facts.terms, shortest=facts.terms.step, longest=10**9, lead=0, before=0),
        standing=replace(facts.standing, used_quota=facts.standing.used_quota + held_already),
        now=min(facts.now, asked.span.start),
    )
    decision = decide(Wish(asked.span, asked.ragged), facts)
    whole = ran + asked.span.minutes
    if whole > resource.max_minutes:
        too_long = Reason("too_long", {"minutes": whole, "longest": resource.max_minutes})
        return replace(decision, unit=None, reasons=(*decision.reasons, too_long))
    return decision


def later_ends(actor: Actor, booking: Booking, resource: Resource) -> list[tuple[dt.datetime, int]]:
    """Ends that can be had now, each with the whole price in fen; none where this member may not extend."""
    try:
        _may_extend(actor, booking, resource)
    except (Conflict, NotAllowed, NotFound):
        return []
    step = dt.timedelta(minutes=resource.step_minutes)
    last = booking.end_at + MOST_OFFERED * step
    decision = _decide(booking, resource, last)
    free_until = _free_until(booking, resource, last, decision)
    tariff = tariffs.tariff_from(booking.terms)
    found = []
    for n in range(1, MOST_OFFERED + 1):
        end = booking.end_at + n * step
        if end > free_until:
            break
        span = Interval(minute_of(booking.start_at), minute_of(end))
        price = 0 if booking.own_use else use_rules.price(tariff, booking.terms["group"], [span])
        found.append((end, price))
    return found


def _free_until(booking: Booking, resource: Resource, last: dt.datetime, decision: Decision) -> dt.datetime:
    """The latest end up to `last` that is granted, found by halving: few questions, whatever stands in the way."""
    if decision.unit is not None:
        return last
    step = dt.timedelta(minutes=resource.step_minutes)
    low, high = 0, MOST_OFFERED
    while high - low > 1:
        middle = (low + high) // 2
        granted = _decide(booking, resource, booking.end_at + middle * step).unit is not None
        low, high = (middle, high) if granted else (low, middle)
    return booking.end_at + low * step
