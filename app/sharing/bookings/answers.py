"""What a reader may see of bookings, quotes and the waiting list, as plain values for pages and API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import Actor, OrganisationInfo
from app.sharing import access
from app.sharing.bookings import shapes
from app.sharing.bookings.models import Booking, WaitlistEntry
from app.sharing.bookings.service import Quote
from app.sharing.calendar.park_time import iso, moment_of
from app.sharing.catalogue.models import Resource
from app.sharing.states import BLOCKING
from app.sharing.use import settlement as use_settlement
from app.sharing.use.answers import settlement_out
from app.sharing.use.models import Settlement


def quote_out(quote: Quote) -> shapes.Quote:
    return {
        "resource": quote.resource.id,
        "name": quote.resource.name,
        "start": iso(quote.start),
        "end": iso(quote.end),
        "price_fen": quote.decision.price_fen,
        "lines": [
            {
                "start": iso(moment_of(x.start)),
                "end": iso(moment_of(x.end)),
                "price_fen_per_hour": x.price_per_hour_fen,
            }
            for x in quote.decision.lines
        ],
        "bookable": not quote.reasons,
        "approval": "automatic" if quote.own else quote.resource.approval,
        "reasons": [{"code": r.code, "message": language.message(r.code, r.params)} for r in quote.reasons],
        "alternatives": quote.alternatives,
    }


def waitlist_out(entry: WaitlistEntry, position: int | None) -> shapes.WaitlistEntry:
    """`position` is the place in the line while the entry waits."""
    return {
        "id": entry.id,
        "resource": entry.resource_id,
        "start": iso(entry.start_at),
        "end": iso(entry.end_at),
        "minutes": entry.minutes,
        "state": entry.state,
        "position": position,
        "booking": entry.booking_id,
        "offer_until": iso(entry.offer_until) if entry.offer_until else None,
    }


_BRIEF = sa.select(Resource.id, Resource.owner_id, Resource.name).where(
    Resource.id.in_(sa.bindparam("ids", expanding=True))
)


def bookings_out(actor: Actor, rows: Sequence[Booking]) -> list[shapes.Booking]:
    """Bookings as this reader may see them; another firm's booking has no holder and no purpose."""
    resources: dict[int, Any] = {b.resource_id: b.resource for b in rows if "resource" in vars(b)}
    unknown = sorted({b.resource_id for b in rows} - resources.keys())
    if unknown:
        resources |= {r.id: r for r in db.session.execute(_BRIEF, {"ids": unknown})}
    organisations = identity.organisations_by_id((b.organisation_id for b in rows), known=actor)
    settlements = use_settlement.latest_of([b.id for b in rows if b.state not in BLOCKING])
    return [
        _booking_out(actor, b, resources[b.resource_id], organisations, settlements.get(b.id)) for b in rows
    ]


def booking_out(actor: Actor, booking: Booking) -> shapes.Booking:
    return bookings_out(actor, [booking])[0]


def _booking_out(
    actor: Actor,
    booking: Booking,
    resource: Any,
    organisations: dict[int, OrganisationInfo],
    settlement: Settlement | None,
) -> shapes.Booking:
    seen: shapes.Booking = {
        "id": booking.id,
        "resource": booking.resource_id,
        "resource_name": resource.name,
        "unit": booking.unit_id,
        "state": booking.state,
        "start": iso(booking.start_at),
        "end": iso(booking.end_at),
    }
    if not access.sees_holder(actor, booking, resource.owner_id):
        return seen
    return {
        **seen,
        "enterprise": organisations[booking.organisation_id].code,
        "purpose": booking.purpose,
        "price_fen": booking.price_fen,
        "own_use": booking.own_use,
        "answer_until": iso(booking.answer_until) if booking.answer_until else None,
        "replaces": booking.replaces_id,
        "series": booking.series_id,
        "ended_by": booking.ended_by or None,
        "reason": booking.end_reason or None,
        "late": booking.late,
        "alternatives": booking.alternatives,
        "settlement": settlement_out(settlement),
    }
