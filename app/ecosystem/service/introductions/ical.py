"""A meeting as an iCal invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.db import db
from app.ecosystem.models import (
    Appointment,
)
from app.errors import NotFound

if TYPE_CHECKING:
    from app.identity.service import Actor
from app.ecosystem.service.introductions.reading import get


def calendar(actor: Actor, introduction_id: int, appointment_id: int) -> bytes:
    """Return the iCal invitation of a meeting."""
    from icalendar import Calendar, Event

    seen = get(actor, introduction_id)
    row = db.session.get(Appointment, appointment_id)
    if row is None or row.introduction_id != introduction_id:
        raise NotFound("appointment_not_found")
    event = Event()
    event.add("uid", f"introduction-{introduction_id}-{row.id}@parklink")
    event.add("sequence", row.sequence)
    event.add("status", "CANCELLED" if row.cancelled_at else "CONFIRMED")
    event.add("dtstamp", row.cancelled_at or row.created_at)
    event.add("dtstart", row.starts_at)
    event.add("dtend", row.ends_at)
    event.add("summary", f"{seen.row.title}: {seen.asking_name} × {seen.giving.name}")
    if row.place:
        event.add("location", row.place)
    book = Calendar()
    book.add("prodid", "-//ParkLink//ecosystem//ZH")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add_component(event)
    return bytes(book.to_ical())
