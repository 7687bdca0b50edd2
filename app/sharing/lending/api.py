"""The API of licences and placements."""

from __future__ import annotations

from app.hall.api.blueprint import listed_part
from app.hall.api.fields import PartQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.web.guards import current_actor, signed_in
from app.sharing.fields import ReasonBody
from app.sharing.lending import answers, licences, placements, shapes
from app.sharing.lending.schemas import LicenceBody, LicencePath, PlacementBody, PlacementPath, PlacementStep
from app.sharing.pages import api


@api.post("/licences")
@signed_in
@idempotent
def request_licence(body: LicenceBody) -> tuple[shapes.Licence, int]:
    row = licences.request_licence(current_actor(), body.resource, body.months, body.purpose)
    return answers.licence_out(row), 201


@api.get("/licences")
@signed_in
def list_licences(query: PartQuery) -> Listed[shapes.Licence]:
    rows: list[shapes.Licence] = [answers.licence_out(row) for row in licences.my_licences(current_actor())]
    return listed_part(rows, query)


@api.post("/licences/<int:licence_id>/grant")
@signed_in
@idempotent
def grant_licence(path: LicencePath) -> shapes.Licence:
    return answers.licence_out(licences.decide(current_actor(), path.licence_id, True))


@api.post("/licences/<int:licence_id>/reject")
@signed_in
@idempotent
def reject_licence(path: LicencePath, body: ReasonBody) -> shapes.Licence:
    return answers.licence_out(licences.decide(current_actor(), path.licence_id, False, body.reason))


@api.post("/licences/<int:licence_id>/terminate")
@signed_in
@idempotent
def terminate_licence(path: LicencePath, body: ReasonBody) -> shapes.Licence:
    return answers.licence_out(licences.terminate(current_actor(), path.licence_id, body.reason))


@api.post("/placements")
@signed_in
@idempotent
def request_placement(body: PlacementBody) -> tuple[shapes.Placement, int]:
    actor = current_actor()
    row = placements.request_placement(
        actor, body.resource, body.starts_on, body.ends_on, body.days, body.purpose
    )
    return answers.placement_out(row, None), 201


@api.get("/placements")
@signed_in
def list_placements(query: PartQuery) -> Listed[shapes.Placement]:
    """The person's name is there for the two organisations once the person has consented."""
    actor = current_actor()
    rows: list[shapes.Placement] = [
        answers.placement_out(row, placements.revealed_name(actor, row))
        for row in placements.my_placements(actor)
    ]
    return listed_part(rows, query)


@api.post("/placements/<int:placement_id>/consent-link")
@signed_in
def consent_link(path: PlacementPath) -> tuple[shapes.ConsentLink, int]:
    """A fresh secret link for the person; the employer hands it over."""
    secret = placements.consent_link(current_actor(), path.placement_id)
    return {"path": f"/sharing/consent/{secret}" if secret else None, "mailed": not secret}, 201


@api.post("/placements/<int:placement_id>/<any(agree, begin, end):step>")
@signed_in
@idempotent
def advance_placement(path: PlacementStep) -> shapes.Placement:
    actor = current_actor()
    if path.step == "agree":
        row = placements.agree(actor, path.placement_id)
    elif path.step == "begin":
        row = placements.begin(actor, path.placement_id)
    else:
        row = placements.end(actor, path.placement_id)
    return answers.placement_out(row, placements.revealed_name(actor, row))
