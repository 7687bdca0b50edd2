"""The API of outages."""

from __future__ import annotations

from app.hall.api.idempotency import idempotent
from app.hall.web.guards import current_actor, signed_in
from app.sharing.calendar.park_time import iso
from app.sharing.catalogue.schemas import (
    ResourcePath,
)
from app.sharing.outages import service as outages_service
from app.sharing.outages import shapes
from app.sharing.outages.schemas import OutageBody
from app.sharing.pages import api


@api.post("/resources/<int:resource_id>/outages")
@signed_in
@idempotent
def create_outage(path: ResourcePath, body: OutageBody) -> tuple[shapes.Outage, int]:
    """Bookings hit are cancelled free of charge, their holders told and offered alternatives."""
    result = outages_service.declare(
        current_actor(),
        path.resource_id,
        body.start,
        body.end,
        body.reason,
        kind=body.kind,
        unit_id=body.unit,
    )
    row = result.outage
    return {
        "id": row.id,
        "resource": row.resource_id,
        "start": iso(row.start_at),
        "end": iso(row.end_at),
        "kind": row.kind,
        "reason": row.reason,
        "cancelled": result.cancelled,
        "waitlist_offers": result.offers,
    }, 201
