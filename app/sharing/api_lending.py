"""The API of licences and placements."""

from __future__ import annotations

from typing import Any

from app.api import PartQuery, idempotent, listed_part
from app.sharing import service
from app.sharing.api_blueprint import api
from app.sharing.api_bodies import (
    LicenceBody,
    LicencePath,
    PlacementBody,
    PlacementPath,
    PlacementStep,
    ReasonBody,
)
from app.sharing.service import showing
from app.web import current_actor, signed_in


@api.post("/licences")
@signed_in
@idempotent
def request_licence(body: LicenceBody) -> Any:
    row = service.request_licence(current_actor(), body.resource, body.months, body.purpose)
    return showing.licence_out(row), 201


@api.get("/licences")
@signed_in
def list_licences(query: PartQuery) -> Any:
    rows = [showing.licence_out(row) for row in service.my_licences(current_actor())]
    return listed_part(rows, query)


@api.post("/licences/<int:licence_id>/grant")
@signed_in
@idempotent
def grant_licence(path: LicencePath) -> Any:
    return showing.licence_out(service.decide_licence(current_actor(), path.licence_id, True))


@api.post("/licences/<int:licence_id>/reject")
@signed_in
@idempotent
def reject_licence(path: LicencePath, body: ReasonBody) -> Any:
    return showing.licence_out(service.decide_licence(current_actor(), path.licence_id, False, body.reason))


@api.post("/licences/<int:licence_id>/terminate")
@signed_in
@idempotent
def terminate_licence(path: LicencePath, body: ReasonBody) -> Any:
    return showing.licence_out(service.terminate_licence(current_actor(), path.licence_id, body.reason))


@api.post("/placements")
@signed_in
@idempotent
def request_placement(body: PlacementBody) -> Any:
    actor = current_actor()
    row = service.request_placement(
        actor, body.resource, body.starts_on, body.ends_on, body.days, body.purpose
    )
    return showing.placement_out(row, None), 201


@api.get("/placements")
@signed_in
def list_placements(query: PartQuery) -> Any:
    """The person's name is there for the two organisations once the person has consented."""
    actor = current_actor()
    rows = [
        showing.placement_out(row, service.revealed_name(actor, row)) for row in service.my_placements(actor)
    ]
    return listed_part(rows, query)


@api.post("/placements/<int:placement_id>/consent-link")
@signed_in
def consent_link(path: PlacementPath) -> Any:
    """A fresh secret link for the person; the employer hands it over."""
    secret = service.consent_link(current_actor(), path.placement_id)
    return {"path": f"/sharing/consent/{secret}"}, 201


@api.post("/placements/<int:placement_id>/<any(agree, begin, end):step>")
@signed_in
@idempotent
def advance_placement(path: PlacementStep) -> Any:
    actor = current_actor()
    if path.step == "agree":
        row = service.agree_placement(actor, path.placement_id)
    elif path.step == "begin":
        row = service.begin_placement(actor, path.placement_id)
    else:
        row = service.end_placement(actor, path.placement_id)
    return showing.placement_out(row, service.revealed_name(actor, row))
