"""May this wish be booked? Everything that decides it is read in one statement and put to the pure rules."""

from __future__ import annotations

from dataclasses import dataclass

from app import clock
from app.identity import service as identity
from app.identity.service import Actor
from app.sharing import booking_rules
from app.sharing.booking_rules import Verdict, Wish
from app.sharing.calendar import held
from app.sharing.models import Resource
from app.sharing.park_time import minute_of, moment_of
from app.sharing.pricing import Tariff
from app.sharing.service import loading, settling, standing
from app.together import Together

_QUESTIONS = Together(**loading.QUESTIONS, **standing.QUESTIONS, given_up=settling.GIVEN_UP_ON_RESOURCE)


@dataclass(frozen=True)
class Judgement:
    """The verdict, with what was read along the way: the tariff and rate group of the member, and whether anybody
    still owes something for having given this time up."""

    verdict: Verdict
    tariff: Tariff
    group: str
    given_up: bool
    own: bool


def judge(
    actor: Actor, resource: Resource, wish: Wish, without_booking: int | None = None, unit: int | None = None
) -> Judgement:
    """Put the wish to the rules; for a decision that is to be written the resource is locked by the caller."""
    terms = loading.terms_of(resource)
    looked_at = held(wish.span, terms.before, terms.after)
    own = resource.owner_id == actor.organisation_id
    start = moment_of(wish.span.start)
    told = loading.ask(
        _QUESTIONS, [resource.id], looked_at, without_booking,
        wish_start=start, wish_end=moment_of(wish.span.end),
        **standing.asked_with(actor, resource, wish.span.start),
    )  # fmt: skip
    units_of = loading.units_from([resource.id], told)[resource.id]
    verdict = booking_rules.judge(
        wish,
        loading.calendars_from([resource], told)[resource.id],
        [u for u in units_of if unit is None or u.unit == unit],
        terms,
        standing.standing_from(actor, resource, start, told),
        minute_of(clock.now()),
        resource.status == "listed" and resource.kind == "equipment",
    )
    tariff = loading.OWN_USE if own else loading.tariffs_from([resource], told["rates"])[resource.id]
    group = loading.group_of(identity.organisation_of(actor))
    return Judgement(verdict, tariff, group, bool(told["given_up"]), own)
