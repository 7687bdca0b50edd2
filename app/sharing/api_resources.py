"""The API of the catalogue, outages, availability and utilisation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app import clock
from app.api import idempotent, listed, listed_part
from app.errors import Invalid, NotFound
from app.identity import service as identity
from app.sharing import service
from app.sharing.api_blueprint import api
from app.sharing.api_bodies import (
    OutageBody,
    ReasonBody,
    ResourceBody,
    ResourceEditBody,
    ResourceFields,
    ResourcePath,
    ResourceQuery,
    SpanQuery,
    UsageBody,
    UtilisationQuery,
)
from app.sharing.calendar import OpeningHours, opening_hours
from app.sharing.service import access, showing
from app.web import current_actor, signed_in


@api.get("/resources")
@signed_in
def list_resources(query: ResourceQuery) -> Any:
    """The catalogue; with from, to and hours only what has that much free time, with the first free intervals."""
    if (query.from_ is None) != (query.to is None):
        raise Invalid("booking_span")
    if query.from_ is not None and query.to is not None and query.to <= query.from_:
        raise Invalid("booking_span")
    owner_id = None
    if query.owner:
        organisation = identity.find_organisation(query.owner)
        owner_id = organisation.id if organisation else 0
    search = service.Search(
        kind=query.kind,
        q=query.q,
        category=query.category,
        building=query.building,
        owner_id=owner_id,
        start=query.from_,
        end=query.to,
        minutes=None if query.hours is None else max(1, round(query.hours * 60)),
    )
    found, total = service.find(search, query.limit, query.offset)
    rows = showing.resources_out([f.resource for f in found])
    if query.from_ is not None:
        rows = [row | {"free": showing.intervals_out(f.free)} for row, f in zip(rows, found, strict=True)]
    return listed(rows, total)


@api.post("/resources")
@signed_in
@idempotent
def create_resource(body: ResourceBody) -> Any:
    """Offer an instrument, patent or expert to the park."""
    given = body.model_dump(
        exclude_none=True, exclude={"opening", "patent", "talent", "kind", "name", "qualification"}
    )
    if body.qualification is not None:
        given["qualification_id"] = body.qualification
    if "max_minutes" not in given and "min_minutes" in given:
        given["max_minutes"] = max(480, given["min_minutes"])
    row = service.list_resource(
        current_actor(),
        body.kind,
        body.name,
        opening=_opening(body),
        patent=service.NewPatent(**body.patent.model_dump()) if body.patent else None,
        talent=service.NewTalent(**body.talent.model_dump() | {"skills": tuple(body.talent.skills)})
        if body.talent
        else None,
        **_with_fitting_lengths(given),
    )
    return showing.resource_out(row), 201


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
def show_resource(path: ResourcePath) -> Any:
    """One resource with its terms and opening."""
    return showing.resource_out(service.get_resource(path.resource_id))


CAN_BE_TAKEN_AWAY = {"horizon_days", "quota_minutes_per_week", "external_from", "qualification"}


@api.post("/resources/<int:resource_id>/edit")
@signed_in
@idempotent
def edit_resource(path: ResourcePath, body: ResourceEditBody) -> Any:
    """Change an instrument's description, terms or opening; bookings that stand keep the terms they were made under."""
    actor = current_actor()
    row = service.get_resource(path.resource_id)
    access.require_runner_or_park(actor, row.owner_id)
    if row.kind != "equipment":
        raise NotFound("resource_not_found")
    said = body.model_dump(exclude_unset=True, exclude={"opening"})
    fields = {key: value for key, value in said.items() if value is not None or key in CAN_BE_TAKEN_AWAY}
    if "qualification" in fields:
        fields["qualification_id"] = fields.pop("qualification")
    return showing.resource_out(service.edit(actor, row.id, opening=_opening(body), **fields))


@api.post("/resources/<int:resource_id>/put-back")
@signed_in
@idempotent
def put_back_resource(path: ResourcePath) -> Any:
    """List a resource again that was taken down."""
    return showing.resource_out(service.put_back(current_actor(), path.resource_id))


@api.post("/resources/<int:resource_id>/withdraw")
@signed_in
@idempotent
def withdraw_resource(path: ResourcePath, body: ReasonBody) -> Any:
    """Take a resource down: what stands stays valid, nothing new is accepted."""
    return showing.resource_out(service.take_down(current_actor(), path.resource_id, body.reason))


@api.post("/resources/<int:resource_id>/outages")
@signed_in
@idempotent
def create_outage(path: ResourcePath, body: OutageBody) -> Any:
    """Bookings hit are cancelled free of charge, their holders told and offered alternatives."""
    result = service.declare_outage(
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
        "start": showing.iso(row.start_at),
        "end": showing.iso(row.end_at),
        "kind": row.kind,
        "reason": row.reason,
        "cancelled": result.cancelled,
        "waitlist_offers": result.offers,
    }, 201


@api.get("/resources/<int:resource_id>/availability")
@signed_in
def availability(path: ResourcePath, query: SpanQuery) -> Any:
    """Maximal intervals in which every wish that respects step and length can be booked."""
    if query.to <= query.from_:
        raise Invalid("booking_span")
    resource = service.get_resource(path.resource_id)
    bookable = resource.status == "listed" and resource.kind == "equipment"
    free = service.free_of([resource], query.from_, query.to)[resource.id] if bookable else []
    return {"resource": resource.id, "free": showing.intervals_out(free)}


@api.get("/resources/<int:resource_id>/quote")
@signed_in
def quote(path: ResourcePath, query: SpanQuery) -> Any:
    """Price and check a wish without booking it."""
    return service.quote_out(service.quote(current_actor(), path.resource_id, query.from_, query.to))


@api.post("/resources/<int:resource_id>/own-use")
@signed_in
@idempotent
def log_own_use(path: ResourcePath, body: UsageBody) -> Any:
    """The owner's own use without a booking; counts towards utilisation."""
    row = service.log_own_use(current_actor(), path.resource_id, body.start, body.end, body.note)
    return {"id": row.id, "start": showing.iso(row.start_at), "end": showing.iso(body.end)}, 201


def _check_period(query: SpanQuery) -> None:
    if query.to <= query.from_ or query.to - query.from_ > dt.timedelta(days=1100):
        raise Invalid("booking_span")


@api.get("/refused-demand")
@signed_in
def refused_demand(query: SpanQuery) -> Any:
    """Wishes refused in this time, by class of instrument: at one's own resources, or for the park's people at all.

    Counts only: `organisations` says how many asked, never who.
    """
    _check_period(query)
    items = service.demand_for(current_actor(), query.from_, query.to)
    return listed(items, len(items))


@api.get("/utilisation")
@signed_in
def utilisation(query: UtilisationQuery) -> Any:
    """Per resource and in all: bookable, own and shared hours, ratio; for what the reader may see."""
    _check_period(query)
    resources = service.visible_resources(current_actor())
    uses = service.utilisation(resources, query.from_, query.to)
    items = [{"resource": r.id, "name": r.name} | service.use_out(uses[r.id]) for r in resources]
    return listed_part(items, query) | {
        "all": service.use_out(service.total_use(list(uses.values()))),
        "from": showing.iso(query.from_),
        "to": showing.iso(query.to),
        "made_at": showing.iso(clock.now()),
    }
