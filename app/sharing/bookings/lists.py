"""Lists of bookings: mine, of what I own, of a series, of a period."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.paging import part
from app.identity.door import Actor
from app.sharing.bookings.models import Booking
from app.sharing.calendar.rules import LONGEST_BOOKING
from app.sharing.catalogue.models import Resource


def bookings_statement(
    actor: Actor, scope: str = "mine", state: str = "", resource_id: int | None = None
) -> sa.Select[Booking]:
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


def is_ahead() -> sa.ColumnElement[bool]:
    """Still to come or running; what was given up, moved or refused is over however late its hours are."""
    waiting = Booking.state.in_(("requested", "confirmed")) & (Booking.end_at >= clock.now())
    return sa.or_(waiting, Booking.state == "in_use")


def list_bookings(
    actor: Actor, scope: str, state: str, resource_id: int | None, limit: int, offset: int
) -> tuple[list[Booking], int]:
    query = bookings_statement(actor, scope, state, resource_id)
    return part(query.order_by(Booking.start_at.desc(), Booking.id.desc()), limit, offset)


def series_of(series_id: int) -> list[Booking]:
    """The bookings made together, in order."""
    query = sa.select(Booking).where(Booking.series_id == series_id)
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
