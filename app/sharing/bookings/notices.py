"""Tells the holder of a booking what became of it."""

from __future__ import annotations

from typing import Any

from app.hall import clock
from app.hall.text import units
from app.identity import door as identity
from app.sharing.bookings.models import Booking
from app.sharing.catalogue.models import Resource


def plain_span(booking: Booking) -> str:
    """`2026-11-25 09:00–12:00`: the same in both languages, for messages that are kept."""
    last = units.clock_time(booking.end_at)
    if clock.day_of(booking.start_at) != clock.day_of(booking.end_at):
        last = units.moment(booking.end_at)
    return f"{units.moment(booking.start_at)}–{last}"


def url_of(booking: Booking) -> str:
    return f"/sharing/bookings/{booking.id}"


def tell_holder(booking: Booking, resource: Resource, code: str, **params: Any) -> None:
    identity.notify_member(
        booking.member_id, code, url_of(booking), resource=resource.name, span=plain_span(booking), **params
    )
