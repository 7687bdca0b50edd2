"""Lists and figures of machines: what their keepers see, and the counts that the park sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.counting import counted
from app.identity import door as identity
from app.identity.door import Actor
from app.sharing import door as sharing
from app.upkeep.limits import FIRM_GROUP
from app.upkeep.machines.models import Machine, MachinePart
from app.upkeep.machines.rules import RETIRED, Span, common_hours, joined
from app.upkeep.orders.models import OPEN_STATES, Fault, WorkOrder
from app.upkeep.plans.availability import Availability, Share, measure
from app.upkeep.readings.models import MICRO, Meter, ReadingRow
from app.upkeep.readings.rules import ALARM, WARNING


def statement(actor: Actor, q: str = "", state: str = "") -> sa.Select[Any]:
    """Machines this member keeps; retired ones only where asked for."""
    query = sa.select(Machine).where(Machine.organisation_id == actor.organisation_id)
    query = query.where(Machine.state == state) if state else query.where(Machine.state != RETIRED)
    if q:
        like = f"%{identity.escape_like(q)}%"
        fields = (Machine.name, Machine.code, Machine.model, Machine.serial, Machine.place)
        query = query.where(sa.or_(*(one.ilike(like, escape="\\") for one in fields)))
    return query


def of_resource(actor: Actor, resource_id: int) -> int | None:
    """The number of one's own machine that is this resource."""
    return db.session.scalar(
        sa.select(Machine.id).where(
            Machine.resource_id == resource_id, Machine.organisation_id == actor.organisation_id
        )
    )


@dataclass(frozen=True)
class Sign:
    """What stands beside a machine in a list."""

    orders: int = 0
    overdue: int = 0
    worst: str = ""


def signs(machine_ids: Sequence[int]) -> dict[int, Sign]:
    """Open and overdue orders and the worst meter of each machine, in two statements."""
    late = sa.func.sum(sa.case((WorkOrder.due_on < clock.today(), 1), else_=0))
    orders = db.session.execute(
        sa.select(WorkOrder.machine_id, sa.func.count(), late)
        .where(WorkOrder.machine_id.in_(machine_ids), WorkOrder.state.in_(OPEN_STATES))
        .group_by(WorkOrder.machine_id)
    )
    found = {row[0]: Sign(int(row[1]), int(row[2] or 0)) for row in orders}
    meters = db.session.execute(
        sa.select(Meter.machine_id, Meter.state).where(
            Meter.machine_id.in_(machine_ids), Meter.state.in_((ALARM, WARNING))
        )
    )
    for machine_id, state in meters:
        sign = found.get(machine_id, Sign())
        worst = ALARM if ALARM in (state, sign.worst) else state
        found[machine_id] = Sign(sign.orders, sign.overdue, worst)
    return found


@dataclass(frozen=True)
class Counts:
    """Of one organisation's machines, or of the whole park's."""

    machines: int = 0
    down: int = 0
    orders: int = 0
    overdue: int = 0
    worn: int = 0
    faults: int = 0
    firms: int = 0


def counts(organisation_id: int | None = None) -> Counts:
    """Counts only; those of the park hide themselves while fewer firms than the group's size keep machines."""
    of = [] if organisation_id is None else [Machine.organisation_id == organisation_id]
    today = clock.today()

    machines, down, firms = db.session.execute(
        sa.select(
            sa.func.count(),
            sa.func.sum(sa.case((Machine.state == "down", 1), else_=0)),
            sa.func.count(sa.distinct(Machine.organisation_id)),
        ).where(Machine.state != RETIRED, *of)
    ).one()
    orders, overdue = db.session.execute(
        sa.select(sa.func.count(), sa.func.sum(sa.case((WorkOrder.due_on < today, 1), else_=0)))
        .join(Machine, Machine.id == WorkOrder.machine_id)
        .where(WorkOrder.state.in_(OPEN_STATES), *of)
    ).one()
    worn = (
        sa.select(sa.func.count())
        .select_from(Meter)
        .join(Machine, Machine.id == Meter.machine_id)
        .where(Meter.state.in_((ALARM, WARNING)), *of)
    )
    faults = (
        sa.select(sa.func.count())
        .select_from(Fault)
        .join(Machine, Machine.id == Fault.machine_id)
        .where(Fault.began_at >= clock.now() - dt.timedelta(days=90), *of)
    )
    worn_meters, recent_faults = counted(worn, faults)
    return Counts(machines, int(down or 0), orders, int(overdue or 0), worn_meters, recent_faults, firms)


def park_counts() -> Counts | None:
    found = counts()
    return found if found.firms >= FIRM_GROUP else None


def meters_of(machine_id: int) -> list[Meter]:
    return list(
        db.session.scalars(sa.select(Meter).where(Meter.machine_id == machine_id).order_by(Meter.code))
    )


def parts_of(machine_id: int) -> list[MachinePart]:
    query = sa.select(MachinePart).where(MachinePart.machine_id == machine_id).order_by(MachinePart.name)
    return list(db.session.scalars(query))


def availability(machine: Machine, start: dt.datetime, end: dt.datetime) -> Availability:
    """Of a period: hours that lie in opening (or planned) hours only, so that a night's stop costs nothing.

    What stood still by an outage counts for the availability, what stood still by a fault for the mean time to repair.
    """
    start = max(start, machine.created_at)
    planned = _planned(machine, start, end) if start < end else []
    faults = db.session.scalars(
        sa.select(Fault).where(
            Fault.machine_id == machine.id,
            Fault.began_at < end,
            sa.or_(Fault.ended_at.is_(None), Fault.ended_at > start),
        )
    ).all()
    stops: list[Span] = [
        (max(one.began_at, start), min(one.ended_at or end, end)) for one in faults if one.stops
    ]
    outages = sharing.outage_hours(machine.resource_id, start, end) if machine.resource_id else []
    begun = sum(one.began_at >= start for one in faults)
    running = running_hours(machine, start, end)
    whole = measure(
        [common_hours([span], planned) for span in joined([*stops, *outages])],
        common_hours(planned, planned),
        running or 0,
        begun,
    )
    mended = measure([common_hours([span], planned) for span in joined(stops)], 0, 0, begun)
    between = whole.mtbf_hours if running is not None else Share(None, Fraction(0), Fraction(begun), begun)
    return Availability(whole.availability, between, mended.mttr_hours)


def _planned(machine: Machine, start: dt.datetime, end: dt.datetime) -> list[Span]:
    if machine.resource_id is not None:
        return sharing.open_spans(machine.resource_id, start, end)
    if machine.planned == "always":
        return [(start, end)]
    calendar = identity.park_calendar()
    spans = []
    day = clock.day_of(start)
    while day <= clock.day_of(end):
        if calendar.works(day):
            midnight = clock.start_of_day(day)
            for opens, closes in calendar.hours:
                first = midnight + dt.timedelta(minutes=opens)
                last = midnight + dt.timedelta(minutes=closes)
                spans.append((max(first, start), min(last, end)))
        day += dt.timedelta(days=1)
    return joined(spans)


def running_hours(machine: Machine, start: dt.datetime, end: dt.datetime) -> Fraction | None:
    """Of the hours meter, else of the use of a shared machine; unknown where neither tells."""
    meter_id = db.session.scalar(
        sa.select(Meter.id)
        .where(Meter.machine_id == machine.id, Meter.kind == "hours", Meter.last_at.is_not(None))
        .order_by(Meter.id)
        .limit(1)
    )
    if meter_id is not None:
        query = sa.select(ReadingRow.value_micro).where(ReadingRow.meter_id == meter_id, ReadingRow.at <= end)
        newest = db.session.scalar(query.order_by(ReadingRow.at.desc()).limit(1))
        before = db.session.scalar(
            query.where(ReadingRow.at <= start).order_by(ReadingRow.at.desc()).limit(1)
        )
        first = before if before is not None else db.session.scalar(query.order_by(ReadingRow.at).limit(1))
        return None if newest is None or first is None else Fraction(newest - first, MICRO)
    if machine.resource_id is None:
        return None
    minutes = sharing.minutes_used({0: (machine.resource_id, start)}, end)
    return Fraction(minutes[0], 60)
