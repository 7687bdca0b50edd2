"""A fault is reported: an order is opened for it, and where the machine stands, it is down until that is done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, Reason
from app.identity import door as identity
from app.identity.door import Actor
from app.upkeep import limits
from app.upkeep.machines import access
from app.upkeep.machines.rules import DOWN, IN_SERVICE, RETIRED
from app.upkeep.machines.service import not_so
from app.upkeep.orders import calendar
from app.upkeep.orders.models import Fault, WorkOrder
from app.upkeep.orders.service import new_order, tell


@dataclass(frozen=True)
class FaultReport:
    """`began_at` defaults to now; `source` names what it came from and is taken once."""

    text: str
    stops: bool = False
    began_at: dt.datetime | None = None
    source: str | None = None


def report(actor: Actor, machine_id: int, wish: FaultReport) -> WorkOrder:
    """Open the order of a fault; a machine that stands is down and out of the calendar."""
    began = wish.began_at or clock.now()
    reasons = []
    if not wish.text.strip() or len(wish.text) > limits.TEXT:
        reasons.append(Reason("fault_text", {"most": limits.TEXT, "at": "text"}))
    if began > clock.now():
        reasons.append(Reason("fault_in_future", {"at": "began_at"}))
    if reasons:
        raise Invalid("fault_refused", reasons)
    with transaction() as session:
        machine = access.get_machine(actor, machine_id, lock=True)
        if wish.source is not None:
            known = session.scalar(sa.select(WorkOrder).where(WorkOrder.source == wish.source))
            if known is not None:
                return known
        if machine.state == RETIRED:
            raise not_so(machine.state, DOWN)
        order = new_order(machine, wish.text.strip(), "fault")
        order.source, order.blocking = wish.source, wish.stops
        session.add(order)
        session.flush()
        session.add(
            Fault(
                machine_id=machine.id,
                order_id=order.id,
                text=wish.text.strip(),
                stops=wish.stops,
                began_at=began,
                reported_by=actor.member_id or None,
                reported_at=clock.now(),
            )
        )
        session.flush()
        if wish.stops and machine.state == IN_SERVICE:
            machine.state = DOWN
        calendar.keep(order, machine)
        tell(machine, "upkeep_fault", order, fault=order.title)
        identity.audit(actor, "machine.fault", "machine", machine.id, order.title, order=order.id)
        return order
