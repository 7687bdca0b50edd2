"""A redeemed venue becomes an allocation: these places on these days, and nobody else's."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.credits.limits import VENUE_DAYS
from app.credits.rewards import rules
from app.credits.rewards.fulfilment import Fulfilment, FulfilmentOrder
from app.credits.rewards.models import Redemption, VenueDay
from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Conflict, Invalid
from app.hall.text import units
from app.identity.door import Actor, roles


@dataclass(frozen=True)
class Allocation:
    """One place for one enterprise, first and last day included."""

    place: str
    organisation_id: int
    redemption_id: int
    first_on: dt.date
    last_on: dt.date


def allocate(order: FulfilmentOrder) -> Fulfilment:
    """Reserve as many places as were redeemed, from a day on: the ones the park names, or the first that are free."""
    first = order.starts_on or clock.today()
    if first < clock.today():
        raise Invalid("venue_in_the_past")
    end = _end(first, order)
    query = sa.select(VenueDay.place, sa.func.min(VenueDay.day)).where(
        VenueDay.day >= first, VenueDay.day < end
    )
    taken = {row[0]: row[1] for row in db.session.execute(query.group_by(VenueDay.place))}
    stem = str(order.params.get("place") or order.reward_code)
    places = rules.places_for(order.place, order.quantity, stem, taken)
    rows = [
        {"place": place, "day": day, "redemption_id": order.redemption_id}
        for place in places
        for day in rules.days_between(first, end)
    ]
    try:
        db.session.execute(sa.insert(VenueDay), rows)
    except IntegrityError as error:  # somebody was faster
        raise Conflict("venue_taken", place=places[0], day=first.isoformat()) from error
    last = end - dt.timedelta(days=1)
    span = units.day(first) if last == first else f"{units.day(first)} – {units.day(last)}"
    return Fulfilment(f"{'、'.join(places)} · {span}")


def _end(first: dt.date, order: FulfilmentOrder) -> dt.date:
    """The day after the last: so many calendar months and days on, one day where the reward says nothing."""
    months, days = int(order.params.get("months") or 0), int(order.params.get("days") or 0)
    if not months and not days:
        days = 1
    end = clock.months_later(first, months) + dt.timedelta(days=days)
    if (end - first).days > VENUE_DAYS:
        raise Invalid("venue_too_long")
    return end


def allocations(actor: Actor, since: dt.date) -> list[Allocation]:
    """What is allocated on `since` or later: one's own; for the park's staff everybody's."""
    query = (
        sa.select(
            VenueDay.place,
            Redemption.organisation_id,
            Redemption.id,
            sa.func.min(VenueDay.day),
            sa.func.max(VenueDay.day),
        )
        .join(Redemption, Redemption.id == VenueDay.redemption_id)
        .group_by(VenueDay.place, Redemption.organisation_id, Redemption.id)
        .having(sa.func.max(VenueDay.day) >= since)
        .order_by(sa.func.min(VenueDay.day), VenueDay.place)
        .limit(500)
    )
    if not actor.may(roles.SEES_ALL_CREDITS):
        query = query.where(Redemption.organisation_id == actor.organisation_id)
    return [Allocation(*row) for row in db.session.execute(query)]
