"""What happens by itself: orders that fall due, outages that go on, meters that say more than before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.jobs import on
from app.identity import door as identity
from app.identity.door import roles
from app.upkeep import limits
from app.upkeep.machines.models import Machine
from app.upkeep.orders import calendar, service
from app.upkeep.orders.models import OPEN_STATES, WorkOrder
from app.upkeep.plans import queries
from app.upkeep.readings.models import Meter
from app.upkeep.readings.rules import ALARM, LEARNING, NORMAL, WARNING, WATCH
from app.upkeep.readings.service import KIND as CONDITION_KIND
from app.upkeep.readings.service import condition_of

WORSE = {LEARNING: 0, NORMAL: 0, WATCH: 1, WARNING: 2, ALARM: 3}


def check() -> int:
    """Open what falls due, once; keep outages of what is overdue. Answers how many orders were opened."""
    opened = sum(_open(one) for one in _standings())
    for order_id in db.session.scalars(
        sa.select(WorkOrder.id)
        .where(WorkOrder.blocking, WorkOrder.state.in_(OPEN_STATES))
        .order_by(WorkOrder.id)
    ).all():
        with transaction() as session:
            order = session.get(WorkOrder, order_id)
            if order is not None and order.state in OPEN_STATES:
                calendar.keep(order, session.get_one(Machine, order.machine_id))
    return opened


def _standings() -> Iterator[tuple[queries.Standing, str]]:
    """Plans chunk by chunk, each with the state of its meter where that is worn."""
    last = 0
    while pairs := queries.chunk_after(last, limits.CHUNK):
        last = pairs[-1][0].id
        worn = queries.worn_machines([plan for plan, _machine in pairs])
        for one in queries.standings(pairs, clock.today()):
            yield one, worn.get(one.plan.id, "")


def _open(case: tuple[queries.Standing, str]) -> int:
    one, worn = case
    today, due_on = clock.today(), one.due.on
    if one.order is not None:
        if due_on is not None and one.order.state == "due" and due_on < one.order.due_on:
            service.pull_forward(one.order.id, max(due_on, today))
        return 0
    if worn:
        return int(service.open_due(one.plan.id, queries.CONDITION, today) is not None)
    if due_on is None or one.due.by is None or (one.warn_on or due_on) > today:
        return 0
    return int(service.open_due(one.plan.id, one.due.by, due_on) is not None)


@on(CONDITION_KIND)
def reckon(payload: dict[str, Any]) -> None:
    """Say what the meters say now; what has become worse is told once, and opens the orders of plans by condition."""
    touched = []
    for meter in db.session.scalars(
        sa.select(Meter).where(Meter.id.in_(payload["meters"])).order_by(Meter.id)
    ):
        machine = db.session.get_one(Machine, meter.machine_id)
        if meter.kind != "gauge":
            continue
        before, now = meter.state, condition_of(meter, machine.overhauled_on)
        meter.state = now.state
        if WORSE[now.state] > WORSE[before]:
            touched.append(machine.id)
            identity.notify_organisation(
                machine.organisation_id,
                f"upkeep_{now.state}",
                f"/upkeep/machines/{machine.id}",
                roles=roles.KEEPS_MACHINES,
                machine=machine.name,
                meter=meter.name,
            )
    db.session.flush()
    for pair in queries.by_condition(touched):
        if pair[0].id in queries.worn_machines([pair[0]]):
            service.open_due(pair[0].id, queries.CONDITION, clock.today())
