"""Small counts for badges and the home page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.counting import Question, counted, how_many
from app.identity.door import Actor
from app.sharing import access
from app.sharing.bookings.models import Booking, WaitlistEntry
from app.sharing.catalogue.models import Resource


@dataclass(frozen=True)
class OwnersPending:
    to_decide: int
    due_today: int
    disputes: int


@dataclass(frozen=True)
class Pending(OwnersPending):
    offers: int
    asked: int


def _for_owners(actor: Actor) -> tuple[Question, ...]:
    """To decide, of these due today, and disputes of what this member's organisation owns."""
    owned = sa.select(Resource.id).where(Resource.owner_id == actor.organisation_id)
    may = sa.true() if access.can_list(actor) else sa.false()
    mine = (Booking.resource_id.in_(owned), Booking.source != "offer", may)
    midnight = clock.start_of_day(clock.today() + dt.timedelta(days=1))
    asked = (*mine, Booking.state == "requested")
    return (
        how_many(*asked),
        how_many(*asked, Booking.answer_until < midnight),
        how_many(*mine, Booking.state == "disputed"),
    )


def _offered(actor: Actor) -> Question:
    return how_many(
        WaitlistEntry.organisation_id == actor.organisation_id,
        WaitlistEntry.member_id == actor.member_id,
        WaitlistEntry.state == "offered",
    )


def owners_counts(actor: Actor) -> OwnersPending:
    """Requests and disputes that wait for this member as an owner."""
    return OwnersPending(*counted(*_for_owners(actor)))


def pending_counts(actor: Actor) -> Pending:
    """What waits for this member: requests and disputes as an owner, offers and own requests as a holder."""
    asked = how_many(
        Booking.organisation_id == actor.organisation_id,
        Booking.state == "requested",
        Booking.source != "offer",
    )
    return Pending(*counted(*_for_owners(actor), _offered(actor), asked))


def bookings_today(actor: Actor) -> list[tuple[Booking, str]]:
    """Bookings of the actor's organisation that begin today, each with its resource's name."""
    start = clock.start_of_day(clock.today())
    query = (
        sa.select(Booking, Resource.name)
        .join(Resource, Resource.id == Booking.resource_id)
        .where(
            Booking.organisation_id == actor.organisation_id,
            Booking.start_at >= start,
            Booking.start_at < start + dt.timedelta(days=1),
            Booking.state.in_(("confirmed", "in_use")),
            Booking.source != "offer",
        )
    )
    rows = db.session.execute(query.order_by(Booking.start_at, Booking.id).limit(8))
    return [(row, name) for row, name in rows]


def bookings_ahead(actor: Actor) -> tuple[int, int]:
    """Bookings of the actor's organisation in the next seven days, and their minutes."""
    now = clock.now()
    rows = db.session.execute(
        sa.select(Booking.start_at, Booking.end_at).where(
            Booking.organisation_id == actor.organisation_id,
            Booking.start_at >= now,
            Booking.start_at < now + dt.timedelta(days=7),
            Booking.state.in_(("requested", "confirmed", "in_use")),
            Booking.source != "offer",
        )
    ).all()
    return len(rows), round(sum((r.end_at - r.start_at).total_seconds() for r in rows) / 60)
