"""How plans stand: hours used from meters or from the bookings' use, and the day each falls due – set by set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.sharing import door as sharing
from app.upkeep.machines.models import Machine
from app.upkeep.machines.rules import DOWN, IN_SERVICE
from app.upkeep.orders.models import OPEN_STATES, WorkOrder
from app.upkeep.plans.models import UpkeepPlan
from app.upkeep.plans.rules import WINDOW_DAYS, Due, Plan, due, warn_on
from app.upkeep.readings.models import MICRO, Meter, ReadingRow
from app.upkeep.readings.rules import ALARM, WARNING

CONDITION = "condition"
WORN = (ALARM, WARNING)  # what a meter must say for a plan by condition to fall due
AT_ONCE = 10_000  # numbers in one statement: PostgreSQL takes 32,767
FALLS_DUE = (IN_SERVICE, DOWN)


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of use since a plan was last done, and of the last 28 days; nothing where no meter tells."""

    used: Fraction | None = None
    recent: Fraction | None = None


@dataclass(frozen=True, slots=True)
class PlanCard:
    """What the due of a plan needs of its row; twenty thousand whole rows would cost a second."""

    id: int
    machine_id: int
    name: str
    every_days: int | None
    every_used_hours: int | None
    hours_meter_id: int | None
    meter_id: int | None
    warn_days: int
    blocking: bool
    last_done_on: dt.date
    hours_from: dt.datetime
    occurrence: int


@dataclass(frozen=True, slots=True)
class MachineCard:
    """What a list of plans says of its machine."""

    id: int
    name: str
    code: str
    place: str
    resource_id: int | None


@dataclass(frozen=True, slots=True)
class OrderCard:
    """What a list of plans says of the order that is open."""

    id: int
    plan_id: int
    cause: str
    state: str
    due_on: dt.date
    reported_at: dt.datetime | None
    ended_at: dt.datetime | None


ORDER_COLUMNS = tuple(getattr(WorkOrder, one.name) for one in fields(OrderCard))
PLAN_COLUMNS = tuple(getattr(UpkeepPlan, one.name) for one in fields(PlanCard))
MACHINE_COLUMNS = tuple(getattr(Machine, one.name) for one in fields(MachineCard))
Pair = tuple[PlanCard, MachineCard]


@dataclass(frozen=True, slots=True)
class Standing:
    """One plan as it stands: its due with the cause, when it is told, the order that is open for it."""

    plan: PlanCard
    machine: MachineCard
    hours: Hours
    due: Due
    warn_on: dt.date | None
    order: OrderCard | None


def _plans() -> sa.Select[Any]:
    """Active plans with their machines."""
    return (
        sa.select(*PLAN_COLUMNS, *MACHINE_COLUMNS)
        .join(Machine, Machine.id == UpkeepPlan.machine_id)
        .where(UpkeepPlan.active)
        .order_by(UpkeepPlan.id)
    )


def _pairs(query: sa.Select[Any]) -> list[Pair]:
    split = len(PLAN_COLUMNS)
    rows = db.session.execute(query)
    return [(PlanCard(*row[:split]), MachineCard(*row[split:])) for row in rows]


def chunk_after(plan_id: int, limit: int) -> list[Pair]:
    """The next plans by number, of machines that work."""
    query = _plans().where(Machine.state.in_(FALLS_DUE), UpkeepPlan.id > plan_id).limit(limit)
    return _pairs(query)


def by_condition(machine_ids: Sequence[int]) -> list[Pair]:
    """Plans of these machines that go by a gauge."""
    query = _plans().where(UpkeepPlan.machine_id.in_(machine_ids), UpkeepPlan.meter_id.is_not(None))
    return _pairs(query.where(Machine.state.in_(FALLS_DUE)))


def of_plan(plan_id: int, on: dt.date) -> Standing:
    """How one active plan stands."""
    [found] = standings(_pairs(_plans().where(UpkeepPlan.id == plan_id)), on)
    return found


def standings(pairs: Sequence[Pair], on: dt.date) -> list[Standing]:
    """How these plans stand as seen on a day; an open order of a plan keeps the day it was opened for."""
    hours = hours_of(pairs, on)
    orders = _open_orders([plan.id for plan, _machine in pairs])
    nothing = Hours()
    found = []
    for plan, machine in pairs:
        order, known = orders.get(plan.id), hours.get(plan.id, nothing)
        pure = _pure(plan, known)
        falls = due(pure, on)
        if order is not None and order.cause == CONDITION:
            falls = Due(order.due_on, CONDITION)
        found.append(Standing(plan, machine, known, falls, warn_on(pure, falls), order))
    return found


def due_list(organisation_id: int, on: dt.date) -> list[Standing]:
    """Every plan of an organisation, what falls due first, first; what never does as things are, last."""
    query = _plans().where(Machine.organisation_id == organisation_id, Machine.state.in_(FALLS_DUE))
    far = dt.date.max
    return sorted(standings(_pairs(query), on), key=lambda one: (one.due.on or far, one.plan.id))


def of_machine(machine: Machine, on: dt.date) -> list[Standing]:
    """The active plans of one machine, also of one that rests."""
    return standings(_pairs(_plans().where(UpkeepPlan.machine_id == machine.id)), on)


def _pure(plan: PlanCard, hours: Hours) -> Plan:
    return Plan(
        machine=str(plan.machine_id),
        id=str(plan.id),
        every_days=plan.every_days,
        last_done_on=plan.last_done_on,
        every_hours=plan.every_used_hours,
        used_hours=hours.used,
        last_28_days_hours=hours.recent,
        warn_days=plan.warn_days,
    )


def _open_orders(plan_ids: Sequence[int]) -> dict[int, OrderCard]:
    query = sa.select(*ORDER_COLUMNS).where(WorkOrder.plan_id.is_not(None), WorkOrder.state.in_(OPEN_STATES))
    if len(plan_ids) <= AT_ONCE:  # of more, a whole park's open orders are fewer than its plans
        query = query.where(WorkOrder.plan_id.in_(plan_ids))
    return {row.plan_id: OrderCard(*row) for row in db.session.execute(query)}


def hours_of(pairs: Sequence[Pair], on: dt.date) -> dict[int, Hours]:
    """Hours of every plan by hours: of its meter where it names one, else of the use of its shared machine."""
    by_hours = [(plan, machine) for plan, machine in pairs if plan.every_used_hours is not None]
    metered = [plan for plan, _machine in by_hours if plan.hours_meter_id is not None]
    shared = [
        (plan, machine.resource_id)
        for plan, machine in by_hours
        if plan.hours_meter_id is None and machine.resource_id is not None
    ]
    return _of_meters(metered, on) | _of_use(shared, on)


def _of_use(shared: Sequence[tuple[PlanCard, int]], on: dt.date) -> dict[int, Hours]:
    now = clock.now()
    recent = clock.start_of_day(on) - dt.timedelta(days=WINDOW_DAYS)
    wishes = {(plan.id, True): (resource_id, plan.hours_from) for plan, resource_id in shared}
    wishes |= {(plan.id, False): (resource_id, recent) for plan, resource_id in shared}
    minutes = sharing.minutes_used(wishes, now)
    return {
        plan.id: Hours(Fraction(minutes[plan.id, True], 60), Fraction(minutes[plan.id, False], 60))
        for plan, _resource in shared
    }


def _of_meters(plans: Sequence[PlanCard], on: dt.date) -> dict[int, Hours]:
    """Differences of readings: the newest against the one when it was done and the one 28 days ago, else the first."""
    recent = clock.start_of_day(on) - dt.timedelta(days=WINDOW_DAYS)
    found = {}
    for at in range(0, len(plans), AT_ONCE):
        ids = [plan.id for plan in plans[at : at + AT_ONCE]]
        for row in db.session.execute(_ends(recent).where(UpkeepPlan.id.in_(ids))):
            if row.newest is not None:
                since = row.first if row.since is None else row.since
                then = row.first if row.then is None else row.then
                found[row.id] = Hours(Fraction(row.newest - since, MICRO), Fraction(row.newest - then, MICRO))
    return found


def _ends(recent: dt.datetime) -> sa.Select[int, int, int, int, int]:
    """The four readings that tell the hours of a plan, each found through the index of its meter."""

    def one(name: str, newest: bool, *bounds: sa.ColumnElement[bool]) -> sa.Label[int]:
        order = ReadingRow.at.desc() if newest else ReadingRow.at.asc()
        query = sa.select(ReadingRow.value_micro).where(
            ReadingRow.meter_id == UpkeepPlan.hours_meter_id, *bounds
        )
        return query.order_by(order).limit(1).correlate(UpkeepPlan).scalar_subquery().label(name)

    return sa.select(
        UpkeepPlan.id,
        one("first", False),
        one("newest", True),
        one("then", True, ReadingRow.at <= recent),
        one("since", True, ReadingRow.at < UpkeepPlan.hours_from),
    )


def worn_machines(plans: Sequence[PlanCard]) -> dict[int, str]:
    """State of the worn meter of each plan by condition, once it was read after the last order was done."""
    wanted = [plan for plan in plans if plan.meter_id is not None]
    ids = sorted({plan.meter_id for plan in wanted if plan.meter_id is not None})
    meters: dict[int, Meter] = {}
    for at in range(0, len(ids), AT_ONCE):
        query = sa.select(Meter).where(Meter.id.in_(ids[at : at + AT_ONCE]))
        meters |= {meter.id: meter for meter in db.session.scalars(query)}
    found = {}
    for plan in wanted:
        meter = meters.get(plan.meter_id or 0)
        if meter is None or meter.last_at is None or meter.state not in WORN:
            continue
        if plan.occurrence == 1 or meter.last_at >= plan.hours_from:
            found[plan.id] = meter.state
    return found
