"""The life of a work order: opened once per occurrence, planned, begun, done with all that belongs to it, or skipped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.hall.jobs import emit
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.upkeep import limits
from app.upkeep.machines import access
from app.upkeep.machines.models import Machine, MachinePart
from app.upkeep.orders import calendar, rules
from app.upkeep.orders.endings import order_ended
from app.upkeep.orders.models import Fault, WorkOrder, WorkOrderPart
from app.upkeep.plans import queries
from app.upkeep.plans import service as plans
from app.upkeep.plans.models import UpkeepPlan
from app.upkeep.plans.rules import PLANNED, next_occurrence
from app.upkeep.readings.models import Meter
from app.upkeep.readings.service import KIND as CONDITION_KIND


def open_due(plan_id: int, cause: str, due_on: dt.date, *, blocks: bool = True) -> WorkOrder | None:
    """The order of a plan's present occurrence; nothing where there was one already, however often it is asked for."""
    with transaction() as session:
        plan = session.scalar(locked(sa.select(UpkeepPlan).where(UpkeepPlan.id == plan_id)))
        if plan is None or not plan.active:
            return None
        known = session.scalar(
            sa.select(WorkOrder.id).where(
                WorkOrder.plan_id == plan.id, WorkOrder.occurrence == plan.occurrence
            )
        )
        if known is not None:
            return None
        machine = session.get_one(Machine, plan.machine_id)
        before = session.scalar(
            sa.select(WorkOrder)
            .where(WorkOrder.plan_id == plan.id)
            .order_by(WorkOrder.occurrence.desc())
            .limit(1)
        )
        order = _new(machine, plan.name, cause, due_on)
        order.plan_id, order.occurrence = plan.id, plan.occurrence
        order.checklist, order.blocking = list(plan.checklist), plan.blocking and blocks
        order.sign_off, order.signer_id = plan.sign_off, plan.signer_id
        if before is not None:  # what was agreed for the last one holds for the next
            order.assignee_id = before.assignee_id
            order.sign_off, order.signer_id = before.sign_off, before.signer_id
        session.add(order)
        session.flush()
        calendar.keep(order, machine)
        tell(machine, "upkeep_order_due", order, plan=order.title, day=due_on.isoformat())
        return order


def open_now(actor: Actor, plan: UpkeepPlan, *, blocks: bool) -> WorkOrder:
    """The order of a plan's present occurrence, opened before its time where it is not yet there.

    One that is opened to be done at once does not close the calendar (`blocks`).
    """
    access.get_machine(actor, plan.machine_id)
    if not plan.active:
        raise Conflict("upkeep_plan_ended")
    found = queries.of_plan(plan.id, clock.today())
    due_on, cause = found.due.on or clock.today(), found.due.by
    if cause is None:
        due_on, cause = clock.today(), "condition" if plan.meter_id else "hours"
    opened = open_due(plan.id, cause, due_on, blocks=blocks)
    if opened is not None:
        return opened
    query = sa.select(WorkOrder).where(WorkOrder.plan_id == plan.id).order_by(WorkOrder.occurrence.desc())
    return db.session.scalars(query.limit(1)).one()


def ask(actor: Actor, machine_id: int, title: str, source: str | None = None) -> WorkOrder:
    """Somebody wants a machine looked after; of one source one order, ever."""
    if not title.strip() or len(title) > limits.TEXT:
        raise Invalid("order_title", most=limits.TEXT)
    with transaction() as session:
        machine = access.get_machine(actor, machine_id, lock=True)
        if source is not None:
            known = session.scalar(sa.select(WorkOrder).where(WorkOrder.source == source))
            if known is not None:
                return known
        order = _new(machine, title.strip(), "asked", clock.today())
        order.source = source
        session.add(order)
        session.flush()
        tell(machine, "upkeep_order_due", order, plan=order.title, day=order.due_on.isoformat())
        return order


def _new(machine: Machine, title: str, cause: str, due_on: dt.date) -> WorkOrder:
    return WorkOrder(
        machine_id=machine.id,
        title=title[:200],
        cause=cause,
        state=rules.DUE,
        due_on=due_on,
        opened_at=clock.now(),
        checklist=[],
        ticked=[],
    )


def new_order(machine: Machine, title: str, cause: str) -> WorkOrder:
    """An order for today, for what opens one beside a plan (a fault)."""
    return _new(machine, title, cause, clock.today())


def pull_forward(order_id: int, due_on: dt.date) -> None:
    """More use than thought: what nobody has planned yet falls due sooner, never later."""
    with transaction() as session:
        order = session.scalar(locked(sa.select(WorkOrder).where(WorkOrder.id == order_id)))
        if order is None or order.state != rules.DUE or due_on >= order.due_on:
            return
        order.due_on = due_on
        calendar.keep(order, session.get_one(Machine, order.machine_id))


def get_order(actor: Actor, order_id: int, *, lock: bool = False) -> tuple[WorkOrder, Machine]:
    query = sa.select(WorkOrder).where(WorkOrder.id == order_id)
    order = db.session.scalar(locked(query) if lock else query)
    if order is None:
        raise NotFound("order_not_found")
    try:
        return order, access.get_machine(actor, order.machine_id)
    except (NotFound, NotAllowed):
        raise NotFound("order_not_found") from None


@dataclass(frozen=True)
class Agreement:
    """When an order is done, by whom, and who signs it off."""

    planned_on: dt.date
    assignee: int | None = None
    sign_off: bool = False
    signer: int | None = None


def agree(actor: Actor, order_id: int, wish: Agreement) -> WorkOrder:
    """Plan an order, or plan it anew; the calendar follows."""
    with transaction():
        order, machine = get_order(actor, order_id, lock=True)
        _require(order, rules.PLANNED)
        reasons = []
        if wish.planned_on < clock.today():
            reasons.append(Reason("order_planned_in_past", {"at": "planned_on"}))
        people = {one.id for one in plans.keepers(machine.organisation_id)}
        if wish.assignee is not None and wish.assignee not in people:
            reasons.append(Reason("order_assignee", {"at": "assignee"}))
        signers = {one.id for one in plans.signers(machine.organisation_id)}
        if wish.signer is not None and wish.signer not in signers:
            reasons.append(Reason("upkeep_signer", {"at": "signer"}))
        if reasons:
            raise Invalid("order_refused", reasons)
        order.state, order.planned_on, order.assignee_id = rules.PLANNED, wish.planned_on, wish.assignee
        order.sign_off, order.signer_id = wish.sign_off, wish.signer if wish.sign_off else None
        calendar.keep(order, machine)
        if wish.assignee is not None and wish.assignee != actor.member_id:
            identity.notify_member(
                wish.assignee,
                "upkeep_order_yours",
                _url(order),
                order=order.title,
                machine=machine.name,
                day=wish.planned_on.isoformat(),
            )
        return order


def start(actor: Actor, order_id: int) -> WorkOrder:
    with transaction():
        order, _machine = get_order(actor, order_id, lock=True)
        _require(order, rules.IN_PROGRESS)
        order.state, order.started_at = rules.IN_PROGRESS, clock.now()
        return order


def _require(order: WorkOrder, wanted: str) -> None:
    if not rules.may_become(order.state, wanted):
        raise Conflict(
            "order_transition",
            state={"code": f"order_state_{order.state}"},
            target={"code": f"order_state_{wanted}"},
        )


@dataclass(frozen=True)
class Report:
    """What was done: lines of the list, words, parts by their number, the day."""

    ticked: Sequence[str] = ()
    note: str = ""
    parts: Mapping[int, int] = field(default_factory=dict)
    done_on: dt.date | None = None
    overhauled: bool = False


def done(actor: Actor, order_id: int, report: Report) -> WorkOrder:
    """It is done: with the sign-off, where one is asked for, the machine is free again and the next count begins."""
    with transaction():
        order, machine = get_order(actor, order_id, lock=True)
        if order.state in (rules.DUE, rules.PLANNED):  # begun and done in one go
            order.state, order.started_at = rules.IN_PROGRESS, clock.now()
        _require(order, rules.DONE)
        if order.reported_at is not None:
            raise Conflict("order_reported")
        done_on = report.done_on or clock.today()
        parts = _parts(machine, report.parts)
        reasons = rules.missing_for_done(
            order.checklist,
            report.ticked,
            done_on,
            clock.today(),
            {part.name: (used, part.stock) for part, used in parts},
        )
        if len(report.note) > limits.TEXT:
            reasons.append(Reason("order_note", {"most": limits.TEXT, "at": "note"}))
        if reasons:
            raise Invalid("order_refused", reasons)
        order.ticked = [line for line in order.checklist if line in report.ticked]
        order.note, order.overhauled = report.note.strip(), report.overhauled
        order.reported_at, order.reported_by, order.done_on = clock.now(), actor.member_id or None, done_on
        for part, used in parts:
            part.stock -= used
            db.session.add(WorkOrderPart(order_id=order.id, part_id=part.id, quantity=used))
        if not order.sign_off or rules.signs(order.signer_id, actor.member_id, _may_sign(actor)):
            _finish(actor, order, machine)
        else:
            _ask_for_signature(order, machine)
        return order


def _may_sign(actor: Actor) -> bool:
    return actor.may(roles.SIGNS_OFF_UPKEEP)


def _parts(machine: Machine, wanted: Mapping[int, int]) -> list[tuple[MachinePart, int]]:
    rows = db.session.scalars(
        locked(
            sa.select(MachinePart)
            .where(MachinePart.machine_id == machine.id, MachinePart.id.in_(list(wanted)))
            .order_by(MachinePart.id)
        )
    ).all()
    if len(rows) < len(wanted) or any(not 0 < used <= 10**6 for used in wanted.values()):
        raise Invalid("order_refused", [Reason("order_part_unknown", {"at": "parts"})])
    return [(row, wanted[row.id]) for row in rows]


def _ask_for_signature(order: WorkOrder, machine: Machine) -> None:
    asked = (
        [order.signer_id] if order.signer_id else [one.id for one in plans.signers(machine.organisation_id)]
    )
    for member_id in asked:
        identity.notify_member(
            member_id, "upkeep_order_to_sign", _url(order), order=order.title, machine=machine.name
        )


def sign(actor: Actor, order_id: int) -> WorkOrder:
    """The sign-off of what was said to be done."""
    with transaction():
        order, machine = get_order(actor, order_id, lock=True)
        _require(order, rules.DONE)
        if order.reported_at is None:
            raise Conflict("order_not_reported")
        if not rules.signs(order.signer_id, actor.member_id, _may_sign(actor)):
            raise NotAllowed("order_signer_only")
        _finish(actor, order, machine)
        return order


def give_back(actor: Actor, order_id: int, reason: str) -> WorkOrder:
    """Not good enough: the signer gives it back, and the parts that were booked stay used."""
    with transaction():
        order, machine = get_order(actor, order_id, lock=True)
        if order.state != rules.IN_PROGRESS or order.reported_at is None:
            raise Conflict("order_not_reported")
        if not rules.signs(order.signer_id, actor.member_id, _may_sign(actor)):
            raise NotAllowed("order_signer_only")
        if not reason.strip():
            raise Invalid("order_reason")
        told, order.reported_at, order.done_on = order.reported_by, None, None
        order.note = f"{order.note}\n{reason.strip()}"[-limits.TEXT :].strip()
        if told is not None:
            identity.notify_member(
                told,
                "upkeep_order_back",
                _url(order),
                order=order.title,
                machine=machine.name,
                reason=reason[:200],
            )
        return order


def skip(actor: Actor, order_id: int, reason: str) -> WorkOrder:
    """Not this time, and why; the plan counts from today."""
    if not reason.strip() or len(reason) > limits.TEXT:
        raise Invalid("order_reason")
    with transaction():
        order, machine = get_order(actor, order_id, lock=True)
        _require(order, rules.SKIPPED)
        order.skip_reason = reason.strip()
        _end(actor, order, machine, rules.SKIPPED, clock.today())
        return order


def _finish(actor: Actor, order: WorkOrder, machine: Machine) -> None:
    done_on = order.done_on or clock.today()
    if order.overhauled and (machine.overhauled_on is None or done_on > machine.overhauled_on):
        machine.overhauled_on = done_on
        meters = db.session.scalars(sa.select(Meter.id).where(Meter.machine_id == machine.id)).all()
        if meters:
            emit(CONDITION_KIND, {"meters": list(meters)})
    _end(actor, order, machine, rules.DONE, done_on)


def _end(actor: Actor, order: WorkOrder, machine: Machine, state: str, day: dt.date) -> None:
    order.state, order.ended_at, order.ended_by = state, clock.now(), actor.member_id or None
    if order.plan_id is not None:
        plan = db.session.get_one(UpkeepPlan, order.plan_id)
        days_from = None
        if plan.counts_from == PLANNED and plan.every_days and state == rules.DONE:
            following = next_occurrence(plan.every_days, order.due_on, day, PLANNED)
            days_from = following - dt.timedelta(days=plan.every_days) if following else None
        plans.count_from(plan, day, days_from)
        plan.occurrence = (order.occurrence or plan.occurrence) + 1
    fault = db.session.scalar(sa.select(Fault).where(Fault.order_id == order.id))
    if fault is not None and fault.ended_at is None:
        fault.ended_at = max(clock.now(), fault.began_at)
    db.session.flush()
    calendar.back_in_service(machine)
    calendar.release(order, machine)
    identity.audit(actor, f"upkeep.{state}", "machine", machine.id, order.title, order=order.id)
    order_ended(order.id)


def tell(machine: Machine, code: str, order: WorkOrder, **params: str) -> None:
    identity.notify_organisation(
        machine.organisation_id,
        code,
        _url(order),
        roles=roles.KEEPS_MACHINES,
        machine=machine.name,
        **params,
    )


def _url(order: WorkOrder) -> str:
    return f"/upkeep/orders/{order.id}"
