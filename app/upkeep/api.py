"""The API of upkeep: machines, what is due, orders, and readings in batches – of one's own machines only."""

from __future__ import annotations

from app.hall import clock
from app.hall.api.blueprint import listed, part_of
from app.hall.api.fields import PageQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.paging import part
from app.hall.errors import Invalid, Reason
from app.hall.text import language
from app.hall.web.guards import current_actor, only
from app.identity.door import roles
from app.upkeep import schemas, shapes
from app.upkeep.machines import access, proposals, queries, service
from app.upkeep.machines.models import Machine
from app.upkeep.orders import faults
from app.upkeep.orders import queries as order_queries
from app.upkeep.orders import service as orders
from app.upkeep.orders.models import WorkOrder
from app.upkeep.pages import api
from app.upkeep.plans import queries as plan_queries
from app.upkeep.plans import service as plans
from app.upkeep.readings import service as readings
from app.upkeep.readings.batch import Line, read_value
from app.upkeep.readings.models import Meter


def _machine(row: Machine) -> shapes.Machine:
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "model": row.model,
        "serial": row.serial,
        "place": row.place,
        "state": row.state,
        "resource": row.resource_id,
        "overhauled_on": row.overhauled_on.isoformat() if row.overhauled_on else None,
    }


def _order(row: WorkOrder) -> shapes.WorkOrder:
    return {
        "id": row.id,
        "machine": row.machine_id,
        "plan": row.plan_id,
        "occurrence": row.occurrence,
        "title": row.title,
        "cause": row.cause,
        "state": row.state,
        "due_on": row.due_on.isoformat(),
        "planned_on": row.planned_on.isoformat() if row.planned_on else None,
        "checklist": row.checklist,
        "ticked": row.ticked,
        "sign_off": row.sign_off,
        "signer": row.signer_id,
        "reported": row.reported_at is not None,
        "done_on": row.done_on.isoformat() if row.done_on else None,
        "reason": row.skip_reason or None,
    }


@api.get("/machines")
@only(roles.KEEPS_MACHINES)
def list_machines(query: schemas.MachineQuery) -> Listed[shapes.Machine]:
    """Machines of one's own firm; a shared one names its resource."""
    statement = queries.statement(current_actor(), query.q, query.state).order_by(Machine.name, Machine.id)
    rows, total = part(statement, query.limit, query.offset)
    return listed([_machine(row) for row in rows], total)


@api.post("/machines")
@only(roles.KEEPS_MACHINES)
@idempotent
def add_machine(body: schemas.MachineBody) -> tuple[shapes.Machine, int]:
    """A machine that is not shared."""
    return _machine(service.add(current_actor(), service.Card(**body.model_dump()))), 201


@api.get("/machine-proposals")
@only(roles.KEEPS_MACHINES)
def list_proposals(query: PageQuery) -> Listed[shapes.MachineProposal]:
    """Machines that were seen in one's own workshop and wait for one's word."""
    rows = proposals.waiting(current_actor())
    found: list[shapes.MachineProposal] = [
        {"id": one.id, "name": one.name, "source": one.source} for one in rows
    ]
    return listed(found[query.offset : query.offset + query.limit], len(found))


@api.post("/machine-proposals/<int:proposal_id>")
@only(roles.KEEPS_MACHINES)
@idempotent
def decide_proposal(path: schemas.ProposalPath, body: schemas.ProposalBody) -> shapes.ProposalDecided:
    """Register the machine, or say that it is none of ours."""
    row = proposals.decide(current_actor(), path.proposal_id, body.take)
    return {"id": row.id, "state": row.state, "machine": row.machine_id}


@api.get("/machines/<int:machine_id>")
@only(roles.KEEPS_MACHINES)
def show_machine(path: schemas.MachinePath) -> shapes.WholeMachine:
    """One machine with its meters, each with condition, baseline and days to its limit."""
    row = access.get_machine(current_actor(), path.machine_id)
    return {**_machine(row), "meters": [_meter(meter, row) for meter in queries.meters_of(row.id)]}


def _meter(meter: Meter, machine: Machine) -> shapes.Meter:
    found: shapes.Meter = {
        "id": meter.id,
        "code": meter.code,
        "name": meter.name,
        "unit": meter.unit,
        "kind": meter.kind,
    }
    if meter.kind == "gauge":
        state = readings.condition_of(meter, machine.overhauled_on)
        found |= {
            "limit": None if meter.limit is None else float(meter.limit),
            "state": state.state,
            "median": None if state.median is None else float(state.median),
            "spread": None if state.spread is None else float(state.spread),
            "days_to_limit": state.days_to_limit,
        }
    return found


@api.post("/machines/<int:machine_id>/meters")
@only(roles.KEEPS_MACHINES)
@idempotent
def add_meter(path: schemas.MachinePath, body: schemas.MeterBody) -> tuple[shapes.Meter, int]:
    """A meter of hours or a gauge; the same code again changes name, unit and limit."""
    limit = None if body.limit is None else read_value(body.limit)
    wish = service.NewMeter(body.code, body.name, body.unit, body.kind, limit)
    row = service.set_meter(current_actor(), path.machine_id, wish)
    return _meter(row, access.get_machine(current_actor(), path.machine_id)), 201


@api.post("/machines/<int:machine_id>/plans")
@only(roles.KEEPS_MACHINES)
@idempotent
def add_plan(path: schemas.MachinePath, body: schemas.PlanBody) -> tuple[shapes.MachineDue, int]:
    """A plan by days, by hours of use, by the condition of a gauge, or by several of them."""
    machine = access.get_machine(current_actor(), path.machine_id)
    meters = {meter.code: meter.id for meter in queries.meters_of(machine.id)}
    wish = plans.PlanWish(
        name=body.name,
        every_days=body.every_days,
        every_used_hours=body.every_hours,
        hours_meter=_known(meters, body.hours_meter, "hours_meter"),
        meter=_known(meters, body.meter, "meter"),
        warn_days=body.warn_days,
        blocking=body.blocking,
        counts_from=body.counts_from,
        last_done_on=body.last_done_on,
        checklist=body.checklist,
        sign_off=body.sign_off,
        signer=body.signer,
    )
    row = plans.add(current_actor(), machine.id, wish)
    return _due(plan_queries.of_plan(row.id, clock.today())), 201


def _known(meters: dict[str, int], code: str | None, at: str) -> int | None:
    if code is not None and code not in meters:
        raise Invalid("upkeep_plan_refused", [Reason("upkeep_plan_meter", {"at": at})])
    return meters[code] if code is not None else None


def _due(one: plan_queries.Standing) -> shapes.MachineDue:
    used, recent = one.hours.used, one.hours.recent
    return {
        "machine": one.machine.id,
        "machine_name": one.machine.name,
        "plan": one.plan.id,
        "name": one.plan.name,
        "due_on": one.due.on.isoformat() if one.due.on else None,
        "by": one.due.by,
        "warn_on": one.warn_on.isoformat() if one.warn_on else None,
        "used_hours": None if used is None else float(used),
        "last_28_days_hours": None if recent is None else float(recent),
        "blocking": one.plan.blocking,
        "work_order": one.order.id if one.order else None,
    }


@api.get("/due")
@only(roles.KEEPS_MACHINES)
def list_due(query: schemas.DueQuery) -> Listed[shapes.MachineDue]:
    """What falls due when, as seen on a day; what never does as things are comes last."""
    found = plan_queries.due_list(current_actor().organisation_id, query.on or clock.today())
    return listed([_due(one) for one in part_of(found, query)], len(found))


@api.post("/readings")
@only(roles.KEEPS_MACHINES)
@idempotent
def add_readings(body: schemas.ReadingsBody) -> tuple[shapes.ReadingsTaken, int]:
    """At most 1,000 readings in any order: the sound ones are kept, of each other one its line and the reason."""
    lines = [
        Line(number, one.get("machine"), one.get("meter"), one.get("at"), one.get("value"))
        for number, one in enumerate(body.readings, start=1)
    ]
    taken = readings.take(current_actor(), lines, "call")
    refused: list[shapes.ReadingRefused] = [
        {"line": one.number, "code": one.code, "message": language.message(one.code, one.params)}
        for one in taken.refused
    ]
    return {"accepted": taken.accepted, "refused": refused}, 201


@api.get("/work-orders")
@only(roles.KEEPS_MACHINES)
def list_orders(query: schemas.OrderQuery) -> Listed[shapes.WorkOrder]:
    """Open orders, or those in a state (`all`, `overdue`, `to_sign`, one of the states); what is due first, first."""
    statement = order_queries.statement(current_actor(), query.state).order_by(WorkOrder.due_on, WorkOrder.id)
    rows, total = part(statement, query.limit, query.offset)
    return listed([_order(row) for row in rows], total)


@api.get("/work-orders/<int:order_id>")
@only(roles.KEEPS_MACHINES)
def show_order(path: schemas.OrderPath) -> shapes.WorkOrder:
    """One order."""
    return _order(orders.get_order(current_actor(), path.order_id)[0])


@api.post("/machines/<int:machine_id>/faults")
@only(roles.KEEPS_MACHINES)
@idempotent
def report_fault(path: schemas.MachinePath, body: schemas.FaultBody) -> tuple[shapes.WorkOrder, int]:
    """Something broke: its order is opened; where the machine stands, the calendar closes."""
    wish = faults.FaultReport(body.text, body.stops, body.began_at)
    return _order(faults.report(current_actor(), path.machine_id, wish)), 201


@api.post("/work-orders/<int:order_id>/plan")
@only(roles.KEEPS_MACHINES)
@idempotent
def plan_order(path: schemas.OrderPath, body: schemas.AgreeBody) -> shapes.WorkOrder:
    """When it is done, by whom, and who signs it off."""
    wish = orders.Agreement(body.planned_on, body.assignee, body.sign_off, body.signer)
    return _order(orders.agree(current_actor(), path.order_id, wish))


@api.post("/work-orders/<int:order_id>/start")
@only(roles.KEEPS_MACHINES)
@idempotent
def start_order(path: schemas.OrderPath) -> shapes.WorkOrder:
    """Work has begun."""
    return _order(orders.start(current_actor(), path.order_id))


@api.post("/work-orders/<int:order_id>/done")
@only(roles.KEEPS_MACHINES)
@idempotent
def order_done(path: schemas.OrderPath, body: schemas.DoneBody) -> shapes.WorkOrder:
    """Done with every line of the list; where a sign-off is asked for, it waits for that."""
    report = orders.Report(
        body.checklist,
        body.note,
        {one.part: one.quantity for one in body.parts},
        body.done_on,
        body.overhauled,
    )
    return _order(orders.done(current_actor(), path.order_id, report))


@api.post("/work-orders/<int:order_id>/sign")
@only(roles.KEEPS_MACHINES)
@idempotent
def sign_order(path: schemas.OrderPath) -> shapes.WorkOrder:
    """The sign-off."""
    return _order(orders.sign(current_actor(), path.order_id))


@api.post("/work-orders/<int:order_id>/skip")
@only(roles.KEEPS_MACHINES)
@idempotent
def skip_order(path: schemas.OrderPath, body: schemas.ReasonBody) -> shapes.WorkOrder:
    """Not this time, with the reason."""
    return _order(orders.skip(current_actor(), path.order_id, body.reason))
