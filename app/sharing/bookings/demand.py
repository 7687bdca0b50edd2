"""Refused wishes, kept as evidence of what the park lacks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import Response, after_this_request, has_request_context

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import in_transaction, transaction
from app.identity.door import Actor, roles
from app.sharing.bookings.models import RefusedDemand
from app.sharing.catalogue.models import Resource

EVIDENCE = {"closed", "outage", "taken", "too_long", "not_qualified", "internal_first", "quota", "withdrawn"}


def remember(
    actor: Actor, resource: Resource, start: dt.datetime, end: dt.datetime, codes: list[str]
) -> None:
    """Keep a refused wish; told outside the refused transaction, so that its rollback does not take it along."""
    if not EVIDENCE.intersection(codes):
        return
    row = {
        "resource_id": resource.id,
        "organisation_id": actor.organisation_id,
        "member_id": actor.member_id,
        "kind": resource.kind,
        "category": resource.category,
        "start_at": start,
        "end_at": end,
        "codes": codes,
        "refused_at": clock.now(),
    }
    if not in_transaction():
        _write(row)
    elif has_request_context():

        @after_this_request
        def write_later(response: Response) -> Response:
            _write(row)
            return response


def _write(row: dict[str, Any]) -> None:
    with transaction():
        same = sa.select(RefusedDemand.id).where(
            RefusedDemand.resource_id == row["resource_id"],
            RefusedDemand.member_id == row["member_id"],
            RefusedDemand.start_at == row["start_at"],
            RefusedDemand.end_at == row["end_at"],
        )
        if db.session.scalar(same.limit(1)) is None:
            db.session.add(RefusedDemand(**row))


def refused_demand(from_: dt.datetime, to: dt.datetime, owner_id: int | None = None) -> list[dict[str, Any]]:
    """Refused wishes of a period by class of instrument, most hours first; with an owner for its resources only.

    Returns
    -------
    list of dict
        ``kind, category, wishes, hours, organisations`` (ids, sorted), ``resources`` (ids, sorted) and ``codes``
        (reason → how often).
    """
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    query = sa.select(RefusedDemand).where(RefusedDemand.refused_at >= from_, RefusedDemand.refused_at < to)
    if owner_id is not None:
        owned = sa.select(Resource.id).where(Resource.owner_id == owner_id)
        query = query.where(RefusedDemand.resource_id.in_(owned))
    for row in db.session.scalars(query.order_by(RefusedDemand.id)):
        group = groups.setdefault(
            (row.kind, row.category),
            {
                "kind": row.kind,
                "category": row.category,
                "wishes": 0,
                "hours": 0.0,
                "organisations": set(),
                "resources": set(),
                "codes": {},
            },
        )
        group["wishes"] += 1
        group["hours"] += (row.end_at - row.start_at).total_seconds() / 3600
        group["organisations"].add(row.organisation_id)
        group["resources"].add(row.resource_id)
        for code in row.codes:
            group["codes"][code] = group["codes"].get(code, 0) + 1
    found = [
        g | {"organisations": sorted(g["organisations"]), "resources": sorted(g["resources"])}
        for g in groups.values()
    ]
    return sorted(found, key=lambda g: (-g["hours"], g["kind"], g["category"]))


def demand_for(actor: Actor, from_: dt.datetime, to: dt.datetime) -> list[dict[str, Any]]:
    """What this reader may know of refused wishes: the park's own people all of it, an owner what its own resources
    could not serve, and nobody who asked."""
    everything = actor.may(roles.SEES_SHARING_FIGURES)
    groups = refused_demand(from_, to, None if everything else actor.organisation_id)
    return [group | {"organisations": len(group["organisations"])} for group in groups]


def refused_of(organisation_id: int, since: dt.datetime, limit: int = 10) -> list[tuple[RefusedDemand, str]]:
    """Refused wishes of one firm with the name of the resource, the newest first: what a visitor knows before asking."""
    query = (
        sa.select(RefusedDemand, Resource.name)
        .join(Resource, Resource.id == RefusedDemand.resource_id)
        .where(RefusedDemand.organisation_id == organisation_id, RefusedDemand.refused_at >= since)
    )
    return list(db.session.execute(query.order_by(RefusedDemand.id.desc()).limit(limit)).all())
