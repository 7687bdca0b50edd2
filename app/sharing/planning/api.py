"""The API of flexible wishes and planning rounds."""

from __future__ import annotations

from app.hall.api.blueprint import listed
from app.hall.api.fields import PageQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.paging import part
from app.hall.text import language
from app.hall.web.guards import current_actor, signed_in
from app.identity import door as identity
from app.sharing.calendar.park_time import iso
from app.sharing.pages import api
from app.sharing.planning import changes, extension, publication, shapes, wishes
from app.sharing.planning import service as rounds
from app.sharing.planning.chart import assignments_of
from app.sharing.planning.models import ScheduleRun, SlotRequest
from app.sharing.planning.schemas import (
    PlaceBody,
    RequestQuery,
    RunPath,
    ScheduleRunBody,
    SlotRequestBody,
    WishPath,
)


def _wish(row: SlotRequest) -> shapes.SlotRequest:
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


def _run(row: ScheduleRun) -> shapes.PlanningRun:
    plan = row.plan
    out: shapes.PlanningRun = {
        "id": row.id,
        "state": row.state,
        "outcome": row.outcome,
        "from": iso(row.start_at),
        "to": iso(row.end_at),
        "progress": plan.get("progress"),
    }
    if row.state == "draft":
        return out
    placed: list[shapes.Assignment] = []
    refused: list[shapes.Rejection] = []
    names = identity.organisations_by_id(one.organisation_id for one in assignments_of(row))
    for one in assignments_of(row):
        firm = names[one.organisation_id].code
        if one.start_at and one.end_at:
            placed.append(
                {
                    "request": one.request_id,
                    "enterprise": firm,
                    "resource": one.resource_id,
                    "unit": one.unit_id,
                    "start": iso(one.start_at),
                    "end": iso(one.end_at),
                    "booking": one.booking_id,
                }
            )
        else:
            reasons: list[shapes.RefusalReason] = [{"code": c, "message": text} for c, text in one.reasons]
            refused.append({"request": one.request_id, "enterprise": firm, "reasons": reasons})
    return {
        **out,
        "value": plan.get("value"),
        "bound": plan.get("bound"),
        "gap_ratio": plan.get("gap_ratio"),
        "first_come_value": plan.get("first_come_value"),
        "seconds": plan.get("seconds"),
        "assignments": placed,
        "rejected": refused,
    }


@api.post("/slot-requests")
@signed_in
@idempotent
def create_slot_request(body: SlotRequestBody) -> tuple[shapes.SlotRequest, int]:
    """So many minutes, any of these resources, within these windows: served by the next planning round."""
    row = wishes.ask(
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
def list_slot_requests(query: RequestQuery) -> Listed[shapes.SlotRequest]:
    """One's organisation's flexible wishes, newest first (all of them for the park)."""
    statement = wishes.wishes_statement(current_actor()).order_by(SlotRequest.id.desc())
    if query.state:
        statement = statement.where(SlotRequest.state == query.state)
    rows, total = part(statement, query.limit, query.offset)
    return listed([_wish(row) for row in rows], total)


@api.get("/slot-requests/<int:request_id>")
@signed_in
def show_slot_request(path: WishPath) -> shapes.SlotRequest:
    """One flexible wish."""
    return _wish(wishes.get_wish(current_actor(), path.request_id))


@api.post("/slot-requests/<int:request_id>/withdraw")
@signed_in
@idempotent
def withdraw_slot_request(path: WishPath) -> shapes.SlotRequest:
    """Take a wish back before it is placed."""
    return _wish(wishes.withdraw(current_actor(), path.request_id))


@api.post("/schedule-runs")
@signed_in
@idempotent
def create_schedule_run(body: ScheduleRunBody) -> tuple[shapes.PlanningRun, int]:
    """Start a planning round; it is solved in the background, ask `GET /schedule-runs/{id}` how far it is."""
    row = rounds.open_round(
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
def list_schedule_runs(query: PageQuery) -> Listed[shapes.PlanningRun]:
    """The rounds one may see, newest first."""
    rows, total = part(rounds.list_rounds(current_actor()), query.limit, query.offset)
    return listed([_run(row) for row in rows], total)


@api.get("/schedule-runs/<int:run_id>")
@signed_in
def show_schedule_run(path: RunPath) -> shapes.PlanningRun:
    """A round: its progress, or its plan with value, bound and every wish placed or refused with reasons."""
    return _run(rounds.get_round(current_actor(), path.run_id))


@api.post("/schedule-runs/<int:run_id>/place")
@signed_in
@idempotent
def change_schedule_run(path: RunPath, body: PlaceBody) -> shapes.PlanningRun:
    """Give a wish another unit or start; refused when the plan would break a rule."""
    changes.change(current_actor(), path.run_id, body.request, body.unit, body.start)
    return _run(rounds.get_round(current_actor(), path.run_id))


@api.post("/schedule-runs/<int:run_id>/extend")
@signed_in
@idempotent
def extend_schedule_run(path: RunPath) -> shapes.RunExtended:
    """Fit the wishes that came meanwhile into the plan; `moved` lists who has another place now."""
    done = extension.extend(current_actor(), path.run_id)
    row = rounds.get_round(current_actor(), path.run_id)
    return {**_run(row), "added": done.added, "moved": [int(move.request) for move in done.moves]}


@api.post("/schedule-runs/<int:run_id>/publish")
@signed_in
@idempotent
def publish_schedule_run(path: RunPath) -> shapes.RunPublished:
    """Book the plan; what was taken meanwhile is reported under `lost` and stays an open wish."""
    result = publication.publish(current_actor(), path.run_id)
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
def discard_schedule_run(path: RunPath) -> shapes.PlanningRun:
    """Throw the plan away; the wishes stay open."""
    return _run(publication.discard(current_actor(), path.run_id))
