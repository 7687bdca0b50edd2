"""Reads everything that decides a wish, in one statement, for the pure rules."""

from __future__ import annotations

import datetime as dt

from app.hall import clock
from app.hall.db.union_query import Together
from app.hall.errors import Invalid
from app.identity import door as identity
from app.identity.door import Actor
from app.sharing.bookings import standing
from app.sharing.bookings.rules import Situation, Wish
from app.sharing.calendar import stock
from app.sharing.calendar.park_time import minute_of, moment_of
from app.sharing.calendar.rules import Interval, held
from app.sharing.catalogue.models import Resource
from app.sharing.use import settlement, tariffs

_QUESTIONS = Together(
    **stock.QUESTIONS, rates=tariffs.RATES, **standing.QUESTIONS, given_up=settlement.GIVEN_UP_ON_RESOURCE
)


def read(
    actor: Actor,
    resource: Resource,
    wish: Wish,
    without_booking: int | None = None,
    unit: int | None = None,
) -> Situation:
    """How things stand for this wish; for a decision that is to be written the resource is locked by the caller.

    As if `without_booking` were given up, and with `unit` as if there were no other.
    """
    organisation = identity.organisation_of(actor)
    terms = standing.terms_of(resource)
    own = resource.owner_id == actor.organisation_id
    start = moment_of(wish.span.start)
    told = stock.ask(
        _QUESTIONS,
        [resource.id],
        held(wish.span, terms.before, terms.after),
        without_booking,
        wish_start=start,
        wish_end=moment_of(wish.span.end),
        **standing.asked_with(actor, resource, wish.span.start),
    )
    units = stock.units_from([resource.id], told)[resource.id]
    return Situation(
        stock.calendars_from([resource], told)[resource.id],
        tuple(one for one in units if unit is None or one.unit == unit),
        terms,
        standing.standing_from(actor, resource, start, told),
        minute_of(clock.now()),
        tariffs.OWN_USE if own else tariffs.tariffs_from([resource], told["rates"])[resource.id],
        tariffs.group_of(organisation),
        resource.status == "listed" and resource.kind == "equipment",
        resource.approval == "owner" and not own,
        bool(told["given_up"]),
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
