"""Looking a plan over before it is published: take a wish out, or give it another place that fits."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, NotFound, Reason
from app.identity.door import Actor
from app.sharing.calendar.park_time import minute_of
from app.sharing.planning.engine import checker, documents, explanation
from app.sharing.planning.engine.model import Assignment, Plan, Rejection
from app.sharing.planning.models import ScheduleAssignment, ScheduleRun, SlotRequest
from app.sharing.planning.reasons import told
from app.sharing.planning.service import INSTANCE_KEYS, get_round, resource_of_units


def drop(actor: Actor, run_id: int, request_id: int) -> None:
    """Take a placed wish out of the plan; it stays open for another round."""
    with transaction():
        row, placed = _placed(actor, run_id, request_id)
        placed.resource_id = placed.unit_id = placed.start_at = placed.end_at = None
        placed.reasons = [{"code": "taken_out"}]
        _reckon(row)


def change(actor: Actor, run_id: int, request_id: int, unit_id: int, start: dt.datetime) -> None:
    """Give a wish another unit or start, if the plan still keeps every rule."""
    with transaction():
        row, placed = _placed(actor, run_id, request_id)
        wish = db.session.get_one(SlotRequest, request_id)
        units = {int(one["id"]) for one in row.instance["instruments"]}
        if unit_id not in units:
            raise NotFound("resource_not_found")
        placed.unit_id, placed.resource_id = unit_id, resource_of_units([unit_id])[unit_id]
        placed.start_at = start
        placed.end_at = start + dt.timedelta(minutes=wish.duration_minutes)
        placed.reasons = []
        _reckon(row)


def _placed(actor: Actor, run_id: int, request_id: int) -> tuple[ScheduleRun, ScheduleAssignment]:
    row = get_round(actor, run_id, lock=True)
    if row.state != "solved":
        raise Conflict("sharing_transition", state=row.state, target="solved")
    found: ScheduleAssignment | None = db.session.scalar(
        sa.select(ScheduleAssignment).where(
            ScheduleAssignment.run_id == row.id, ScheduleAssignment.request_id == request_id
        )
    )
    if found is None:
        raise NotFound("slot_request_not_found")
    return row, found


def _reckon(row: ScheduleRun) -> None:
    """Check the edited plan with the independent checker, and say what it is worth now."""
    db.session.flush()
    instance = documents.instance_from({key: row.instance.get(key) for key in INSTANCE_KEYS})
    known = {request.id for request in instance.requests}
    start, grain = int(row.instance["window_start"]), int(row.instance["slot_minutes"])
    assignments, rejected = [], []
    for one in db.session.scalars(sa.select(ScheduleAssignment).where(ScheduleAssignment.run_id == row.id)):
        if str(one.request_id) not in known:
            continue
        if one.start_at is None or one.end_at is None:
            rejected.append(Rejection(str(one.request_id), tuple(one.reasons) or ({"code": "taken_out"},)))
            continue
        offset = minute_of(one.start_at) - start
        if offset % grain:
            raise Conflict("schedule_edit_refused", [Reason("schedule_off_grain", {"minutes": grain})])
        length = -(-int((one.end_at - one.start_at).total_seconds() // 60) // grain)
        assignments.append(Assignment(str(one.request_id), str(one.unit_id), offset // grain, length))
    value = explanation.value_of(instance, assignments)
    bound = int(row.plan["bound"])
    plan = Plan("feasible", value, max(bound, value), 0.0, tuple(assignments), tuple(rejected))
    faults = checker.faults(instance, plan)
    if faults:
        raise Conflict("schedule_edit_refused", told(row, faults))
    row.plan = {
        **row.plan,
        **documents.plan_document(replace(plan, seconds=float(row.plan["seconds"]))),
        "edited": True,
    }
    row.outcome = "feasible"
