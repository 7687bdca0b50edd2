"""A booking with its resource, locked in the same order on every path."""

from __future__ import annotations

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.db.transaction import locked
from app.hall.errors import NotAllowed, NotFound, Refusal
from app.identity.door import Actor, roles
from app.sharing import access
from app.sharing.bookings.models import Booking
from app.sharing.calendar.park_time import (
    interval,
)
from app.sharing.calendar.rules import Interval
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Resource


def get_booking(booking_id: int, *, lock: bool = False) -> tuple[Booking, Resource]:
    """A booking with its resource; with `lock` the resource first, as every path does, so that none deadlocks."""
    resource_id = db.session.scalar(sa.select(Booking.resource_id).where(Booking.id == booking_id))
    if resource_id is None:
        raise NotFound("booking_not_found")
    resource = resource_records.get_resource(resource_id, lock=lock)
    query = sa.select(Booking).where(Booking.id == booking_id)
    booking = db.session.scalar(locked(query) if lock else query)
    assert booking is not None
    return booking, resource


def view_booking(actor: Actor, booking_id: int) -> tuple[Booking, Resource]:
    """For reading: only those who may know of it."""
    booking, resource = get_booking(booking_id)
    if not access.sees_holder(actor, booking, resource.owner_id):
        raise NotFound("booking_not_found")
    return booking, resource


def refusal(actor: Actor, booking: Booking, resource: Resource, code: str = "booking_not_yours") -> Refusal:
    """Who may know of a booking hears that it is not theirs, anybody else that there is none."""
    if access.sees_holder(actor, booking, resource.owner_id):
        return NotAllowed(code)
    return NotFound("booking_not_found")


def owners_booking(actor: Actor, booking_id: int) -> tuple[Booking, Resource]:
    """Locked, for whoever runs its resource and for the park."""
    booking, resource = get_booking(booking_id, lock=True)
    if not (access.runs(actor, resource.owner_id) or actor.may(roles.RUNS_ALL_RESOURCES)):
        raise refusal(actor, booking, resource, "sharing_owner_only")
    return booking, resource


def booked(booking: Booking) -> Interval:
    return interval(booking.start_at, booking.end_at)
