"""A meeting as an iCal invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.db import db
from app.ecosystem.models import Appointment
from app.ecosystem.service.introductions.reading import get
from app.ecosystem.service.invitation import invitation
from app.errors import NotFound

if TYPE_CHECKING:
    from app.identity.service import Actor


def calendar(actor: Actor, introduction_id: int, appointment_id: int) -> bytes:
    """Return the iCal invitation of a meeting."""
    seen = get(actor, introduction_id)
    row = db.session.get(Appointment, appointment_id)
    if row is None or row.introduction_id != introduction_id:
        raise NotFound("appointment_not_found")
    return invitation(
        f"introduction-{introduction_id}-{row.id}@parklink",
        f"{seen.row.title}: {seen.asking_name} × {seen.giving.name}",
        row.starts_at, row.ends_at, row.place, row.cancelled_at or row.created_at,
        sequence=row.sequence, cancelled=row.cancelled_at is not None,
    )  # fmt: skip
