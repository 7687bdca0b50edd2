"""Writes one booking that the rules have decided; the only place that makes bookings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm.attributes import set_committed_value

from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Invalid, Reason
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing.bookings import situation
from app.sharing.bookings.models import Booking
from app.sharing.bookings.notices import plain_span, url_of
from app.sharing.bookings.reasons import refused
from app.sharing.bookings.rules import Decision, Situation, Wish, decide
from app.sharing.calendar import slots
from app.sharing.calendar.park_time import moment_of
from app.sharing.catalogue.models import Resource
from app.sharing.use import payment, settlement, tariffs

LONGEST_PURPOSE = 500


@dataclass(frozen=True)
class Order:
    """How a time is asked for, beside which time: by hand, in a series, by a plan, from the waiting list, as a move.

    With `answer_until` it is an offer that waits for its holder; with `unit_id` it is this unit or none; `replaces` is
    the booking that is given up for it.
    """

    purpose: str = ""
    use_credits: bool = False
    series_id: int | None = None
    source: str = "direct"
    unit_id: int | None = None
    replaces: Booking | None = None
    answer_until: dt.datetime | None = None


def place(actor: Actor, resource: Resource, wish: Wish, order: Order) -> Booking:
    """Read, decide and write one booking; the resource is locked by the caller. Refused with every reason."""
    if len(order.purpose) > LONGEST_PURPOSE:
        raise Invalid("purpose_too_long", most=LONGEST_PURPOSE)
    replaced = order.replaces.id if order.replaces else None
    facts = situation.read(actor, resource, wish, replaced, order.unit_id)
    decision = decide(wish, facts)
    if decision.unit is None:
        raise refused(decision.reasons)
    return write(actor, resource, wish, order, facts, decision)


def write(
    actor: Actor, resource: Resource, wish: Wish, order: Order, facts: Situation, decision: Decision
) -> Booking:
    """The effect of a decision that gave a unit: the row, its slots, the credits set aside, who is told."""
    booking = _row(actor, resource, wish, order, facts, decision)
    if order.replaces is not None:
        slots.free(order.replaces.id)
    db.session.add(booking)
    db.session.flush()
    if not slots.take(booking.unit_id, booking.id, decision.hold):
        raise refused([Reason("taken", {"spans": ((decision.hold.start, decision.hold.end),)})])
    if booking.use_credits:
        payment.hold_credits(actor, booking)
    if booking.state != "confirmed":
        _ask_owner(booking, resource)
    elif facts.given_up:
        settlement.revise_forfeits(booking.unit_id, wish.span)
    return booking


def _row(
    actor: Actor, resource: Resource, wish: Wish, order: Order, facts: Situation, decision: Decision
) -> Booking:
    now, start_at = clock.now(), moment_of(wish.span.start)
    answer_until = order.answer_until
    if answer_until is None and facts.asks_owner and order.source != "plan":  # the plan is the owner's own
        answer_until = min(now + dt.timedelta(hours=resource.approval_hours), start_at)
    own = facts.standing.own_resource
    booking = Booking(
        resource_id=resource.id,
        unit_id=decision.unit,
        organisation_id=actor.organisation_id,
        member_id=actor.member_id,
        purpose=order.purpose,
        state="requested" if answer_until else "confirmed",
        start_at=start_at,
        end_at=moment_of(wish.span.end),
        hold_start_at=moment_of(decision.hold.start),
        hold_end_at=moment_of(decision.hold.end),
        own_use=own,
        price_fen=decision.price_fen,
        terms=tariffs.frozen_terms(resource, facts.tariff, facts.group),
        use_credits=order.use_credits and not own,
        answer_until=answer_until,
        created_at=now,
        series_id=order.series_id,
        source=order.source,
        replaces_id=order.replaces.id if order.replaces else None,
    )
    set_committed_value(booking, "resource", resource)  # whoever shows it need not ask for it
    return booking


def _ask_owner(booking: Booking, resource: Resource) -> None:
    """A request goes to the owner's people; an offer first to its holder."""
    if booking.source != "offer":
        identity.notify_organisation(
            resource.owner_id,
            "booking_asked",
            url_of(booking),
            roles=roles.RUNS_RESOURCES,
            by_mail=True,
            resource=resource.name,
            span=plain_span(booking),
        )
