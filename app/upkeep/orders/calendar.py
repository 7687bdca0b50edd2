"""What an open order means for the booking calendar of a shared machine, and for the machine itself."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.sharing import door as sharing
from app.upkeep.limits import EVENING
from app.upkeep.machines.models import Machine
from app.upkeep.machines.rules import DOWN, IN_SERVICE
from app.upkeep.orders.models import Fault, WorkOrder
from app.upkeep.plans.rules import blocked_days


def source_of(order: WorkOrder) -> str:
    return f"upkeep:{order.id}"


def keep(order: WorkOrder, machine: Machine) -> None:
    """The machine is out of the calendar as long as the rule says; holders under it are told, safe to say again."""
    if not order.blocking or machine.resource_id is None:
        return
    start, end = blocked_span(order, clock.now())
    kind = "repair" if order.cause == "fault" else "maintenance"
    sharing.cover(source_of(order), machine.resource_id, start, end, order.title, kind)


def blocked_span(order: WorkOrder, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """From the first blocked day (this moment, where that is today) to the end of the last."""
    today, local = clock.day_of(now), clock.local(now)
    first, last = blocked_days(order.due_on, order.planned_on, today, local.hour >= EVENING)
    start = now if first == today else clock.start_of_day(first)
    return start, clock.start_of_day(last + dt.timedelta(days=1))


def release(order: WorkOrder, machine: Machine) -> None:
    """The order is over: the calendar opens, whoever waits is asked."""
    if machine.resource_id is not None:
        sharing.uncover(source_of(order))


def back_in_service(machine: Machine) -> None:
    """Once no fault that stops it is open."""
    stopped = db.session.scalar(
        sa.select(Fault.id)
        .where(Fault.machine_id == machine.id, Fault.stops, Fault.ended_at.is_(None))
        .limit(1)
    )
    if machine.state == DOWN and stopped is None:
        machine.state = IN_SERVICE
