"""What a reader may see of a booking or resource, as plain values for pages and API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.identity import service as identity
from app.identity.service import Actor, OrganisationInfo
from app.sharing.calendar import Interval, clock_text
from app.sharing.models import Booking, Licence, OpeningRule, Placement, Resource, ResourceUnit, Settlement
from app.sharing.park_time import iso, moment_of
from app.sharing.service import access, settling
from app.sharing.states import BLOCKING


def settlement_out(row: Settlement | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "charged_minutes": row.charged_minutes,
        "amount_fen": row.amount_fen,
        "rule": row.rule,
        "ratio": row.ratio,
        "version": row.version,
        "lines": [
            {"start": iso(moment_of(a)), "end": iso(moment_of(b)), "price_fen_per_hour": p}
            for a, b, p in row.lines
        ],
    }


_BRIEF = sa.select(Resource.id, Resource.owner_id, Resource.name).where(
    Resource.id.in_(sa.bindparam("ids", expanding=True))
)


def bookings_out(actor: Actor, rows: Sequence[Booking]) -> list[dict[str, Any]]:
    """Bookings as this reader may see them; another firm's booking has no holder and no purpose."""
    resources: dict[int, Any] = {b.resource_id: b.resource for b in rows if "resource" in vars(b)}
    unknown = sorted({b.resource_id for b in rows} - resources.keys())
    if unknown:
        resources |= {r.id: r for r in db.session.execute(_BRIEF, {"ids": unknown})}
    organisations = identity.organisations_by_id((b.organisation_id for b in rows), known=actor)
    settlements = settling.latest_of([b.id for b in rows if b.state not in BLOCKING])
    return [
        _booking_out(actor, b, resources[b.resource_id], organisations, settlements.get(b.id)) for b in rows
    ]


def booking_out(actor: Actor, booking: Booking) -> dict[str, Any]:
    return bookings_out(actor, [booking])[0]


def _booking_out(
    actor: Actor,
    booking: Booking,
    resource: Any,
    organisations: dict[int, OrganisationInfo],
    settlement: Settlement | None,
) -> dict[str, Any]:
    seen = {
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
    return seen | {
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


def resources_by_id(ids: Iterable[int]) -> dict[int, Resource]:
    wanted = sorted(set(ids))
    found: dict[int, Resource] = {}
    for at in range(0, len(wanted), 500):
        query = sa.select(Resource).where(Resource.id.in_(wanted[at : at + 500]))
        found |= {row.id: row for row in db.session.scalars(query)}
    return found


def intervals_out(intervals: Iterable[Interval]) -> list[dict[str, str]]:
    return [{"start": iso(moment_of(i.start)), "end": iso(moment_of(i.end))} for i in intervals]


def opening_of(resource_id: int) -> list[OpeningRule]:
    query = (
        sa.select(OpeningRule)
        .where(OpeningRule.resource_id == resource_id)
        .order_by(OpeningRule.weekday, OpeningRule.opens_minute)
    )
    return list(db.session.scalars(query))


def units_of(resource_id: int) -> list[ResourceUnit]:
    query = sa.select(ResourceUnit).where(ResourceUnit.resource_id == resource_id).order_by(ResourceUnit.id)
    return list(db.session.scalars(query))


def resources_out(rows: Sequence[Resource]) -> list[dict[str, Any]]:
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


def resource_out(row: Resource) -> dict[str, Any]:
    """One resource with its terms."""
    return resources_out([row])[0] | {
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
        "quota_minutes_per_week": row.quota_minutes_per_week,
        "late_cancel_hours": row.late_cancel_hours,
        "late_cancel_ratio": row.late_cancel_ratio,
        "no_show_ratio": row.no_show_ratio,
        "billing": row.billing,
        "external_from": row.external_from.isoformat() if row.external_from else None,
        "open_on_holidays": row.open_on_holidays,
        "qualification": row.qualification_id,
    }


def licence_out(row: Licence) -> dict[str, Any]:
    return {
        "id": row.id,
        "resource": row.resource_id,
        "enterprise": identity.get_organisation(row.organisation_id).code,
        "state": row.state,
        "months": row.months,
        "fee_fen": row.fee_fen,
        "fee_basis": row.fee_basis,
        "starts_on": row.starts_on.isoformat() if row.starts_on else None,
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
        "valid": row.state == "granted",
    }


def placement_out(row: Placement, name: str | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "resource": row.resource_id,
        "enterprise": identity.get_organisation(row.organisation_id).code,
        "state": row.state,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "days": row.days,
        "person": name,
    }
