"""What other rooms may call of this room; nothing else of it may be called from outside."""

from __future__ import annotations

from app.hall import clock
from app.identity.door import SYSTEM
from app.upkeep.machines import access
from app.upkeep.machines.proposals import Register, on_register, register_of
from app.upkeep.machines.proposals import propose as propose_machines
from app.upkeep.machines.queries import Counts, counts
from app.upkeep.orders import faults
from app.upkeep.orders.endings import on_order_end
from app.upkeep.orders.faults import FaultReport
from app.upkeep.orders.queries import OrderInfo, order_of
from app.upkeep.plans import queries

__all__ = [
    "Counts",
    "OrderInfo",
    "Register",
    "counts",
    "machines_due",
    "on_order_end",
    "on_register",
    "open_work_order",
    "order_of",
    "propose_machines",
    "register_of",
]


def machines_due(organisation_id: int, days: int = 30) -> int:
    """How many machines of a firm have something due within so many days or overdue: a count, the park sees no more."""
    today = clock.today()
    return len(
        {
            one.machine.id
            for one in queries.due_list(organisation_id, today)
            if one.due.on is not None and (one.due.on - today).days <= days
        }
    )


def open_work_order(resource_id: int, text: str, source: str, stops: bool = True) -> int:
    """A shared machine has to be mended: its order, and where it stands the calendar closes. Of one source one, ever."""
    machine = access.of_resource(SYSTEM, resource_id)
    return faults.report(SYSTEM, machine.id, FaultReport(text, stops, source=source)).id
