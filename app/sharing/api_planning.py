"""The API of flexible wishes and planning rounds."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from app import language
from app.api import ApiModel, AwareMoment, PageQuery, idempotent, listed
from app.db import part
from app.identity import service as identity
from app.sharing.api import Id, api
from app.sharing.models import ScheduleRun, SlotRequest
from app.sharing.park_time import iso
from app.sharing.service import planning
from app.sharing.service.planning.showing import assignments_of
from app.web import current_actor, signed_in


class Window(ApiModel):
    start: AwareMoment
    end: AwareMoment


class SlotRequestBody(ApiModel):
    resources: list[Id] = Field(min_length=1, max_length=50)
    windows: list[Window] = Field(min_length=1, max_length=20)
    duration_minutes: int = Field(ge=5, le=44_640)
    preferred_start: AwareMoment | None = None
    priority: int = Field(3, ge=1, le=5)
    purpose: str = Field("", max_length=500)


class ScheduleRunBody(ApiModel):
    """Owners plan their own resources, the park's administrator all of them."""

    from_: AwareMoment = Field(alias="from")
    to: AwareMoment
    seconds: int = Field(20, ge=1, le=120)
    max_minutes_per_enterprise: int | None = Field(None, ge=5, le=40_320)
    fair_ratio: float = Field(0.0, ge=0, le=1)


class PlaceBody(ApiModel):
    request: Id
    unit: Id
    start: AwareMoment


class WishPath(ApiModel):
    request_id: Id


class RunPath(ApiModel):
    run_id: Id


class RequestQuery(PageQuery):
    state: Annotated[str, Field(pattern="^(open|placed|withdrawn)?$")] = ""


def _wish(row: SlotRequest) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": row.state,
        "resources": row.resources,
        "windows": [{"start": start, "end": end} for start, end in row.windows],
        "duration_minutes": row.duration_minutes,
        "preferred_start": iso(row.preferred_at) if row.preferred_at else None,
        "priority": row.priority,
        "purpose": row.purpose,
        "booking": row.booking_id,
    }


def _run(row: ScheduleRun) -> dict[str, Any]:
    plan = row.plan
    out = {
        "id": row.id,
        "state": row.state,
        "outcome": row.outcome,
        "from": iso(row.start_at),
        "to": iso(row.end_at),
        "progress": plan.get("progress"),
    }
    if row.state == "draft":
        return out
    placed, refused = [], []
    names = identity.organisations_by_id(one.organisation_id for one in assignments_of(row))
    for one in assignments_of(row):
        common = {"request": one.request_id, "enterprise": names[one.organisation_id].code}
        if one.start_at and one.end_at:
            placed.append(
                {
                    **common,
                    "resource": one.resource_id,
                    "unit": one.unit_id,
                    "start": iso(one.start_at),
                    "end": iso(one.end_at),
                    "booking": one.booking_id,
                }
            )
        else:
            refused.append({**common, "reasons": [{"code": c, "message": text} for c, text in one.reasons]})
    figures = {
        name: plan.get(name) for name in ("value", "bound", "gap_ratio", "first_come_value", "seconds")
    }
    return {**out, **figures, "assignments": placed, "rejected": refused}


@api.post("/slot-requests")
@signed_in
@idempotent
def create_slot_request(body: SlotRequestBody) -> Any:
    """So many minutes, any of these resources, within these windows: served by the next planning round."""
    row = planning.ask(
        current_actor(),
        body.resources,
        [(window.start, window.end) for window in body.windows],
        body.duration_minutes,
        preferred_at=body.preferred_start,
        priority=body.priority,
        purpose=body.purpose,
    )
    return _wish(row), 201


@api.get("/slot-requests")
@signed_in
def list_slot_requests(query: RequestQuery) -> Any:
    """One's organisation's flexible wishes, newest first (all of them for the park)."""
    statement = planning.wishes_statement(current_actor()).order_by(SlotRequest.id.desc())
    if query.state:
        statement = statement.where(SlotRequest.state == query.state)
    rows, total = part(statement, query.limit, query.offset)
    return listed([_wish(row) for row in rows], total)


@api.get("/slot-requests/<int:request_id>")
@signed_in
def show_slot_request(path: WishPath) -> Any:
    """One flexible wish."""
    return _wish(planning.get_wish(current_actor(), path.request_id))


@api.post("/slot-requests/<int:request_id>/withdraw")
@signed_in
@idempotent
def withdraw_slot_request(path: WishPath) -> Any:
    """Take a wish back before it is placed."""
    return _wish(planning.withdraw(current_actor(), path.request_id))


@api.post("/schedule-runs")
@signed_in
@idempotent
def create_schedule_run(body: ScheduleRunBody) -> Any:
    """Start a planning round; it is solved in the background, ask `GET /schedule-runs/{id}` how far it is."""
    row = planning.open_round(
        current_actor(),
        body.from_,
        body.to,
        seconds=body.seconds,
        most_minutes_per_organisation=body.max_minutes_per_enterprise,
        fair_ratio=body.fair_ratio,
    )
    return _run(row), 201


@api.get("/schedule-runs")
@signed_in
def list_schedule_runs(query: PageQuery) -> Any:
    """The rounds one may see, newest first."""
    rows, total = part(planning.list_rounds(current_actor()), query.limit, query.offset)
    return listed([_run(row) for row in rows], total)


@api.get("/schedule-runs/<int:run_id>")
@signed_in
def show_schedule_run(path: RunPath) -> Any:
    """A round: its progress, or its plan with value, bound and every wish placed or refused with reasons."""
    return _run(planning.get_round(current_actor(), path.run_id))


@api.post("/schedule-runs/<int:run_id>/place")
@signed_in
@idempotent
def change_schedule_run(path: RunPath, body: PlaceBody) -> Any:
    """Give a wish another unit or start; refused when the plan would break a rule."""
    planning.change(current_actor(), path.run_id, body.request, body.unit, body.start)
    return _run(planning.get_round(current_actor(), path.run_id))


@api.post("/schedule-runs/<int:run_id>/extend")
@signed_in
@idempotent
def extend_schedule_run(path: RunPath) -> Any:
    """Fit the wishes that came meanwhile into the plan; `moved` lists who has another place now."""
    done = planning.extend(current_actor(), path.run_id)
    row = planning.get_round(current_actor(), path.run_id)
    return {**_run(row), "added": done.added, "moved": [int(move.request) for move in done.moves]}


@api.post("/schedule-runs/<int:run_id>/publish")
@signed_in
@idempotent
def publish_schedule_run(path: RunPath) -> Any:
    """Book the plan; what was taken meanwhile is reported under `lost` and stays an open wish."""
    result = planning.publish(current_actor(), path.run_id)
    return {
        **_run(result.run),
        "booked": [booking.id for booking in result.booked],
        "lost": list(result.lost),
        "message": language.message(
            "schedule_published", {"booked": len(result.booked), "lost": len(result.lost)}
        ),
    }


@api.post("/schedule-runs/<int:run_id>/discard")
@signed_in
@idempotent
def discard_schedule_run(path: RunPath) -> Any:
    """Throw the plan away; the wishes stay open."""
    return _run(planning.discard(current_actor(), path.run_id))
