"""A redeemed venue becomes an allocation: these places on these days, and nobody else's."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import clock, units
from app.credits.models import Redemption, VenueDay
from app.credits.service.fulfilment import Fulfilment, FulfilmentOrder
from app.db import db
from app.errors import Conflict, Invalid
from app.identity.service import Actor

READERS = ("park_admin", "credit_reviewer", "auditor")
LONGEST_DAYS = 1100


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
    named = [one.strip() for one in re.split(r"[、,，;；]", order.place) if one.strip()]
    if named and len(set(named)) != order.quantity:
        raise Invalid("venue_count", quantity=order.quantity)
    query = sa.select(VenueDay.place, sa.func.min(VenueDay.day)).where(
        VenueDay.day >= first, VenueDay.day < end
    )
    taken = {row[0]: row[1] for row in db.session.execute(query.group_by(VenueDay.place))}
    for place in named:
        if place in taken:
            raise Conflict("venue_taken", place=place, day=taken[place].isoformat())
    stem = str(order.params.get("place") or order.reward_code)
    numbered = (f"{stem} {number:02d}" for number in itertools.count(1))
    places = named or list(itertools.islice((one for one in numbered if one not in taken), order.quantity))
    days = [first + dt.timedelta(days=number) for number in range((end - first).days)]
    rows = [
        {"place": place, "day": day, "redemption_id": order.redemption_id} for place in places for day in days
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
    if (end - first).days > LONGEST_DAYS:
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
    if not actor.has(*READERS):
        query = query.where(Redemption.organisation_id == actor.organisation_id)
    return [Allocation(*row) for row in db.session.execute(query)]
