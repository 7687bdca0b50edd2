"""What everybody may see of a resource, as plain values for pages and API."""

from __future__ import annotations

from collections.abc import Sequence

from app.identity import door as identity
from app.sharing.calendar.rules import clock_text
from app.sharing.catalogue import shapes
from app.sharing.catalogue.models import Resource
from app.sharing.catalogue.records import opening_of, units_of


def resources_out(rows: Sequence[Resource]) -> list[shapes.ResourceCard]:
    organisations = identity.organisations_by_id(r.owner_id for r in rows)
    return [
        {
            "id": r.id,
            "kind": r.kind,
            "name": r.name,
            "model": r.model,
            "category": r.category,
            "owner": organisations[r.owner_id].code,
            "building": r.building,
            "place": r.place,
            "status": r.status,
            "price_fen_per_hour": r.price_fen_per_hour,
            "approval": r.approval,
        }
        for r in rows
    ]


def resource_out(row: Resource) -> shapes.Resource:
    """One resource with its terms."""
    return {
        **resources_out([row])[0],
        "description": row.description,
        "accessories": row.accessories,
        "specifications": row.specifications,
        "opening": [
            {
                "weekday": o.weekday,
                "from": clock_text(o.opens_minute),
                "to": clock_text(o.closes_minute),
            }
            for o in opening_of(row.id)
        ],
        "units": [{"id": u.id, "label": u.label, "active": u.active} for u in units_of(row.id)],
        "step_minutes": row.step_minutes,
        "min_minutes": row.min_minutes,
        "max_minutes": row.max_minutes,
        "buffer_before_minutes": row.buffer_before_minutes,
        "buffer_minutes": row.buffer_minutes,
        "lead_minutes": row.lead_minutes,
        "horizon_days": row.horizon_days,
        "value_fen": row.value_fen,
        "quota_minutes_per_week": row.quota_minutes_per_week,
        "late_cancel_hours": row.late_cancel_hours,
        "late_cancel_ratio": row.late_cancel_ratio,
        "no_show_ratio": row.no_show_ratio,
        "billing": row.billing,
        "external_from": row.external_from.isoformat() if row.external_from else None,
        "open_on_holidays": row.open_on_holidays,
        "qualification": row.qualification_id,
    }
