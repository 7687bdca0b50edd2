"""Making, changing and ending plans of upkeep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound, Reason
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.upkeep import limits
from app.upkeep.machines import access
from app.upkeep.machines.models import Machine
from app.upkeep.orders.models import OPEN_STATES, WorkOrder
from app.upkeep.plans.models import UpkeepPlan
from app.upkeep.plans.rules import DONE, PLANNED
from app.upkeep.readings.models import Meter


@dataclass(frozen=True)
class PlanWish:
    """What somebody asks for; meters by their number."""

    name: str
    every_days: int | None = None
    every_used_hours: int | None = None
    hours_meter: int | None = None
    meter: int | None = None
    warn_days: int = 7
    blocking: bool = False
    counts_from: str = DONE
    last_done_on: dt.date | None = None
    checklist: Sequence[str] = ()
    sign_off: bool = False
    signer: int | None = None


def add(actor: Actor, machine_id: int, wish: PlanWish) -> UpkeepPlan:
    with transaction() as session:
        machine = access.get_machine(actor, machine_id, lock=True)
        row = UpkeepPlan(machine_id=machine.id, occurrence=1, active=True)
        _write(machine, row, wish)
        count_from(row, wish.last_done_on or clock.today())
        session.add(row)
        session.flush()
        identity.audit(actor, "upkeep.planned", "machine", machine.id, row.name, plan=row.id)
        return row


def change(actor: Actor, plan_id: int, wish: PlanWish) -> UpkeepPlan:
    """Another rhythm, list or sign-off from now on; an order that is open stays as it is."""
    with transaction():
        row = get_plan(actor, plan_id)
        machine = access.get_machine(actor, row.machine_id, lock=True)
        _write(machine, row, wish)
        if wish.last_done_on is not None:
            count_from(row, wish.last_done_on)
        identity.audit(actor, "upkeep.plan_changed", "machine", machine.id, row.name, plan=row.id)
        return row


def end(actor: Actor, plan_id: int) -> UpkeepPlan:
    """No more of it; not while an order of it is open."""
    with transaction() as session:
        row = get_plan(actor, plan_id)
        access.get_machine(actor, row.machine_id, lock=True)
        waiting = session.scalar(
            sa.select(WorkOrder.id).where(WorkOrder.plan_id == row.id, WorkOrder.state.in_(OPEN_STATES))
        )
        if waiting is not None:
            raise Conflict("upkeep_plan_has_order")
        row.active = False
        identity.audit(actor, "upkeep.plan_ended", "machine", row.machine_id, row.name, plan=row.id)
        return row


def get_plan(actor: Actor, plan_id: int) -> UpkeepPlan:
    row = db.session.get(UpkeepPlan, plan_id)
    if row is None:
        raise NotFound("upkeep_plan_not_found")
    access.get_machine(actor, row.machine_id)
    return row


def count_from(row: UpkeepPlan, done_on: dt.date, days_from: dt.date | None = None) -> None:
    """Days count from `days_from` where the park counts from the planned day, hours from the day it was done."""
    row.last_done_on = days_from or done_on
    row.hours_from = clock.start_of_day(done_on + dt.timedelta(days=1))


def _write(machine: Machine, row: UpkeepPlan, wish: PlanWish) -> None:
    checklist = [line.strip() for line in wish.checklist if line.strip()]
    reasons = [*_wrong_numbers(wish), *_wrong_meters(machine, wish), *_wrong_signer(machine, wish)]
    if len(checklist) > limits.CHECKS or any(len(line) > 200 for line in checklist):
        reasons.append(Reason("upkeep_checklist", {"most": limits.CHECKS, "at": "checklist"}))
    if len(set(checklist)) < len(checklist):
        reasons.append(Reason("upkeep_checklist_twice", {"at": "checklist"}))
    if reasons:
        raise Invalid("upkeep_plan_refused", reasons)
    row.name = wish.name.strip()
    row.every_days, row.every_used_hours = wish.every_days, wish.every_used_hours
    row.hours_meter_id = wish.hours_meter if wish.every_used_hours else None
    row.meter_id = wish.meter
    row.warn_days, row.blocking, row.counts_from = wish.warn_days, wish.blocking, wish.counts_from
    row.checklist = checklist
    row.sign_off, row.signer_id = wish.sign_off, wish.signer if wish.sign_off else None


def _wrong_numbers(wish: PlanWish) -> list[Reason]:
    reasons = []
    if not wish.name.strip() or len(wish.name) > limits.NAME:
        reasons.append(Reason("upkeep_plan_name", {"most": limits.NAME, "at": "name"}))
    if not (wish.every_days or wish.every_used_hours or wish.meter):
        reasons.append(Reason("upkeep_plan_rhythm", {"at": "every_days"}))
    bounds = (
        ("every_days", wish.every_days, 1, limits.MOST_DAYS),
        ("every_used_hours", wish.every_used_hours, 1, limits.MOST_HOURS),
        ("warn_days", wish.warn_days, 0, limits.MOST_DAYS),
    )
    for name, value, least, most in bounds:
        if value is not None and not least <= value <= most:
            reasons.append(Reason("upkeep_number", {"least": least, "most": most, "at": name}))
    if wish.counts_from not in (DONE, PLANNED) or (wish.counts_from == PLANNED and wish.every_used_hours):
        reasons.append(Reason("upkeep_counts_from", {"at": "counts_from"}))
    if wish.last_done_on is not None and wish.last_done_on > clock.today():
        reasons.append(Reason("upkeep_done_in_future", {"at": "last_done_on"}))
    return reasons


def _wrong_meters(machine: Machine, wish: PlanWish) -> list[Reason]:
    wanted = {wish.hours_meter: "hours", wish.meter: "gauge"}
    ids = [one for one in wanted if one is not None]
    kinds = {
        row.id: row.kind
        for row in db.session.execute(
            sa.select(Meter.id, Meter.kind).where(Meter.id.in_(ids), Meter.machine_id == machine.id)
        )
    }
    reasons = [
        Reason("upkeep_plan_meter", {"at": "hours_meter" if kind == "hours" else "meter"})
        for one, kind in wanted.items()
        if one is not None and kinds.get(one) != kind
    ]
    if wish.every_used_hours and wish.hours_meter is None and machine.resource_id is None:
        reasons.append(Reason("upkeep_needs_hours_meter", {"at": "hours_meter"}))
    return reasons


def _wrong_signer(machine: Machine, wish: PlanWish) -> list[Reason]:
    known = {one.id for one in signers(machine.organisation_id)}
    return [Reason("upkeep_signer", {"at": "signer"})] if wish.signer and wish.signer not in known else []


def signers(organisation_id: int) -> list[identity.MemberInfo]:
    """Who may sign off: those who answer for the owner's machines."""
    return list(identity.members_of(organisation_id, roles.SIGNS_OFF_UPKEEP))


def keepers(organisation_id: int) -> list[identity.MemberInfo]:
    return list(identity.members_of(organisation_id, roles.KEEPS_MACHINES))
