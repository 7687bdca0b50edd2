"""Small counts for badges and the home page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app import clock
from app.db import db
from app.identity.service import Actor
from app.sharing.models import Booking, Resource, WaitlistEntry
from app.sharing.service import access


@dataclass(frozen=True)
class Pending:
    to_decide: int
    due_today: int
    disputes: int
    offers: int
    asked: int


def pending_counts(actor: Actor) -> Pending:
    """What waits for this member: requests and disputes as an owner, offers and own requests as a holder."""
    to_decide = due = disputes = 0
    if access.can_list(actor):
        owned = sa.select(Resource.id).where(Resource.owner_id == actor.organisation_id)
        rows = db.session.execute(
            sa.select(Booking.state, Booking.answer_until).where(
                Booking.resource_id.in_(owned),
                Booking.state.in_(("requested", "disputed")),
                Booking.source != "offer",
            )
        ).all()
        midnight = clock.start_of_day(clock.today() + dt.timedelta(days=1))
        to_decide = sum(r.state == "requested" for r in rows)
        due = sum(
            r.state == "requested" and r.answer_until is not None and r.answer_until < midnight for r in rows
        )
        disputes = len(rows) - to_decide
    offers = db.session.scalar(
        sa.select(sa.func.count()).where(
            WaitlistEntry.organisation_id == actor.organisation_id,
            WaitlistEntry.member_id == actor.member_id,
            WaitlistEntry.state == "offered",
        )
    )
    asked = db.session.scalar(
        sa.select(sa.func.count()).where(
            Booking.organisation_id == actor.organisation_id,
            Booking.state == "requested",
            Booking.source != "offer",
        )
    )
    return Pending(to_decide, due, disputes, offers or 0, asked or 0)


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
