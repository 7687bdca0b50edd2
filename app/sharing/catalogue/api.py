"""The API of the catalogue."""

from __future__ import annotations

from typing import Any

from app.hall.api.blueprint import listed
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.errors import Invalid
from app.hall.web.guards import current_actor, signed_in
from app.identity import door as identity
from app.sharing.calendar import park_time
from app.sharing.calendar.rules import OpeningHours, opening_hours
from app.sharing.catalogue import answers, shapes
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue import search as catalogue_search
from app.sharing.catalogue import service as catalogue
from app.sharing.catalogue.schemas import (
    ResourceBody,
    ResourceEditBody,
    ResourceFields,
    ResourcePath,
    ResourceQuery,
)
from app.sharing.fields import ReasonBody
from app.sharing.pages import api


@api.get("/resources")
@signed_in
def list_resources(query: ResourceQuery) -> Listed[shapes.ResourceCard]:
    """The catalogue; with from, to and hours only what has that much free time, with the first free intervals."""
    if (query.from_ is None) != (query.to is None):
        raise Invalid("booking_span")
    if query.from_ is not None and query.to is not None and query.to <= query.from_:
        raise Invalid("booking_span")
    owner_id = None
    if query.owner:
        organisation = identity.find_organisation(query.owner)
        owner_id = organisation.id if organisation else 0
    search = catalogue_search.Search(
        kind=query.kind,
        q=query.q,
        category=query.category,
        building=query.building,
        owner_id=owner_id,
        start=query.from_,
        end=query.to,
        minutes=None if query.hours is None else max(1, round(query.hours * 60)),
        reader=current_actor(),
    )
    found, total = catalogue_search.find(search, query.limit, query.offset)
    rows = answers.resources_out([f.resource for f in found])
    if query.from_ is not None:
        for row, one in zip(rows, found, strict=True):
            row["free"] = park_time.intervals_out(one.free)
    return listed(rows, total)


@api.post("/resources")
@signed_in
@idempotent
def create_resource(body: ResourceBody) -> tuple[shapes.Resource, int]:
    """Offer an instrument, patent or expert to the park."""
    given = body.model_dump(
        exclude_none=True, exclude={"opening", "patent", "talent", "kind", "name", "qualification"}
    )
    if body.qualification is not None:
        given["qualification_id"] = body.qualification
    if "max_minutes" not in given and "min_minutes" in given:
        given["max_minutes"] = max(480, given["min_minutes"])
    row = catalogue.list_resource(
        current_actor(),
        body.kind,
        body.name,
        opening=_opening(body),
        patent=catalogue.NewPatent(**body.patent.model_dump()) if body.patent else None,
        talent=catalogue.NewTalent(**body.talent.model_dump() | {"skills": tuple(body.talent.skills)})
        if body.talent
        else None,
        **_with_fitting_lengths(given),
    )
    return answers.resource_out(row), 201


def _opening(body: ResourceFields) -> list[OpeningHours] | None:
    if body.opening is None:
        return None
    return [opening_hours(o.weekday, o.from_, o.to) for o in body.opening]


def _with_fitting_lengths(given: dict[str, Any]) -> dict[str, Any]:
    """Lengths that were not given follow the step that was: the shortest is one step, the longest at least that."""
    step = given.get("step_minutes", 30)
    if "min_minutes" not in given:
        given["min_minutes"] = min(step, given.get("max_minutes", step))
    if "max_minutes" not in given:
        given["max_minutes"] = max(480, -(-given["min_minutes"] // step) * step)
    return given


@api.get("/resources/<int:resource_id>")
@signed_in
def show_resource(path: ResourcePath) -> shapes.Resource:
    """One resource with its terms and opening."""
    return answers.resource_out(resource_records.get_found(current_actor(), path.resource_id))


CAN_BE_TAKEN_AWAY = {"horizon_days", "quota_minutes_per_week", "external_from", "qualification", "value_fen"}


@api.post("/resources/<int:resource_id>/edit")
@signed_in
@idempotent
def edit_resource(path: ResourcePath, body: ResourceEditBody) -> shapes.Resource:
    """Change an instrument's description, terms or opening; bookings that stand keep the terms they were made under."""
    actor = current_actor()
    row = resource_records.runners_equipment(actor, path.resource_id, lock=False)
    said = body.model_dump(exclude_unset=True, exclude={"opening"})
    fields = {key: value for key, value in said.items() if value is not None or key in CAN_BE_TAKEN_AWAY}
    if "qualification" in fields:
        fields["qualification_id"] = fields.pop("qualification")
    return answers.resource_out(catalogue.edit(actor, row.id, opening=_opening(body), **fields))


@api.post("/resources/<int:resource_id>/put-back")
@signed_in
@idempotent
def put_back_resource(path: ResourcePath) -> shapes.Resource:
    """List a resource again that was taken down."""
    return answers.resource_out(catalogue.put_back(current_actor(), path.resource_id))


@api.post("/resources/<int:resource_id>/withdraw")
@signed_in
@idempotent
def withdraw_resource(path: ResourcePath, body: ReasonBody) -> shapes.Resource:
    """Take a resource down: what stands stays valid, nothing new is accepted."""
    return answers.resource_out(catalogue.take_down(current_actor(), path.resource_id, body.reason))
