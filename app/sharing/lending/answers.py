"""Licences and placements as plain values for the API."""

from __future__ import annotations

from app.identity import door as identity
from app.sharing.lending import shapes
from app.sharing.lending.models import Licence, Placement


def licence_out(row: Licence) -> shapes.Licence:
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


def placement_out(row: Placement, name: str | None) -> shapes.Placement:
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
