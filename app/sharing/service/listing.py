"""Lists of bookings, and the small shapes that pages and API share."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app import language
from app.db import db
from app.identity.service import Actor
from app.sharing.calendar import LONGEST_BOOKING
from app.sharing.models import Booking, Resource, WaitlistEntry
from app.sharing.park_time import iso, moment_of
from app.sharing.service.booking import Quote
from app.sharing.service.reports import Use


def bookings_statement(
    actor: Actor, scope: str = "mine", state: str = "", resource_id: int | None = None
) -> Any:
    """Bookings of the actor's organisation, or of what it owns; offers that wait for an answer are not bookings yet."""
    query = sa.select(Booking)
    if scope == "owner":
        query = query.join(Resource, Resource.id == Booking.resource_id)
        query = query.where(Resource.owner_id == actor.organisation_id, Booking.source != "offer")
    else:
        query = query.where(Booking.organisation_id == actor.organisation_id, Booking.source != "offer")
    if state:
        query = query.where(Booking.state == state)
    if resource_id is not None:
        query = query.where(Booking.resource_id == resource_id)
    return query


def list_bookings(
    actor: Actor, scope: str, state: str, resource_id: int | None, limit: int, offset: int
) -> tuple[list[Booking], int]:
    query = bookings_statement(actor, scope, state, resource_id)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(
        query.order_by(Booking.start_at.desc(), Booking.id.desc()).limit(limit).offset(offset)
    )
    return list(rows), total


def series_of(booking: Booking) -> list[Booking]:
    """The bookings made together with this one, itself included, in order."""
    query = sa.select(Booking).where(Booking.series_id == booking.series_id)
    return list(db.session.scalars(query.order_by(Booking.start_at, Booking.id)))


def bookings_between(
    resource_ids: list[int], start: dt.datetime, end: dt.datetime, states: tuple[str, ...] | None = None
) -> list[Booking]:
    """Bookings of these resources that meet [start, end), in order."""
    query = sa.select(Booking).where(
        Booking.resource_id.in_(resource_ids),
        Booking.start_at < end,
        Booking.start_at > start - dt.timedelta(minutes=LONGEST_BOOKING),
        Booking.end_at > start,
    )
    if states is not None:
        query = query.where(Booking.state.in_(states))
    return list(db.session.scalars(query.order_by(Booking.start_at, Booking.id)))


def quote_out(quote: Quote) -> dict[str, Any]:
    return {
        "resource": quote.resource.id,
        "name": quote.resource.name,
        "start": iso(quote.start),
        "end": iso(quote.end),
        "price_fen": quote.price_fen,
        "lines": [
            {
                "start": iso(moment_of(x.start)),
                "end": iso(moment_of(x.end)),
                "price_fen_per_hour": x.price_per_hour_fen,
            }
            for x in quote.lines
        ],
        "bookable": not quote.reasons,
        "approval": "automatic" if quote.own else quote.resource.approval,
        "reasons": [{"code": r.code, "message": language.message(r.code, r.params)} for r in quote.reasons],
        "alternatives": quote.alternatives,
    }


def waitlist_out(entry: WaitlistEntry, position: int | None) -> dict[str, Any]:
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


def use_out(use: Use) -> dict[str, Any]:
    return {
        "bookable_hours": round(use.bookable / 60, 4),
        "own_hours": round(use.own / 60, 4),
        "shared_hours": round(use.shared / 60, 4),
        "ratio": None if use.ratio is None else round(use.ratio, 6),
        "own_ratio": None if use.own_ratio is None else round(use.own_ratio, 6),
        "points": None if use.points is None else round(use.points, 4),
        "relative": None if use.relative is None else round(use.relative, 6),
        "income_fen": use.income_fen,
    }
