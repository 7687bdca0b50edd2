"""Lists of orders and what belongs to one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.identity.door import Actor
from app.upkeep.machines import access
from app.upkeep.machines.models import Machine, MachinePart
from app.upkeep.orders.models import OPEN_STATES, Fault, WorkOrder, WorkOrderPart


def statement(actor: Actor, state: str = "", mine: bool = False) -> sa.Select[Any]:
    """Orders of this member's organisation: open ones unless asked otherwise."""
    query = (
        sa.select(WorkOrder)
        .join(Machine, Machine.id == WorkOrder.machine_id)
        .where(Machine.organisation_id == actor.organisation_id)
    )
    if state in ("done", "skipped", *OPEN_STATES):
        query = query.where(WorkOrder.state == state)
    elif state == "overdue":
        query = query.where(WorkOrder.state.in_(OPEN_STATES), WorkOrder.due_on < clock.today())
    elif state == "to_sign":
        query = query.where(WorkOrder.state == "in_progress", WorkOrder.reported_at.is_not(None))
    elif state != "all":
        query = query.where(WorkOrder.state.in_(OPEN_STATES))
    return query.where(WorkOrder.assignee_id == actor.member_id) if mine else query


def count_waiting(actor: Actor) -> tuple[int, int]:
    """Open orders that are overdue, and those that wait for this member's signature."""
    mine = sa.or_(WorkOrder.signer_id == actor.member_id, WorkOrder.signer_id.is_(None))
    reported = sa.and_(WorkOrder.reported_at.is_not(None), mine)
    overdue, to_sign = db.session.execute(
        sa.select(
            sa.func.sum(sa.case((WorkOrder.due_on < clock.today(), 1), else_=0)),
            sa.func.sum(sa.case((reported, 1), else_=0)),
        )
        .join(Machine, Machine.id == WorkOrder.machine_id)
        .where(Machine.organisation_id == actor.organisation_id, WorkOrder.state.in_(OPEN_STATES))
    ).one()
    return int(overdue or 0), int(to_sign or 0)


def machines_by_id(ids: Iterable[int]) -> dict[int, Machine]:
    query = sa.select(Machine).where(Machine.id.in_(sorted(set(ids))))
    return {row.id: row for row in db.session.scalars(query)}


def of_machine(machine_id: int, is_open: bool, limit: int = 20) -> list[WorkOrder]:
    query = sa.select(WorkOrder).where(WorkOrder.machine_id == machine_id)
    if is_open:
        query = query.where(WorkOrder.state.in_(OPEN_STATES)).order_by(WorkOrder.due_on, WorkOrder.id)
    else:
        query = query.where(WorkOrder.state.not_in(OPEN_STATES)).order_by(WorkOrder.ended_at.desc())
    return list(db.session.scalars(query.limit(limit)))


@dataclass(frozen=True)
class OrderInfo:
    """What another room may say of an order: its title and state, and its page for who keeps the machine."""

    title: str
    state: str
    url: str


def order_of(actor: Actor, order_id: int) -> OrderInfo:
    row = db.session.get_one(WorkOrder, order_id)
    keeps = access.keeps(actor, db.session.get_one(Machine, row.machine_id))
    return OrderInfo(row.title, row.state, f"/upkeep/orders/{row.id}" if keeps else "")


def parts_used(order_ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    rows = db.session.execute(
        sa.select(WorkOrderPart.order_id, MachinePart.name, WorkOrderPart.quantity)
        .join(MachinePart, MachinePart.id == WorkOrderPart.part_id)
        .where(WorkOrderPart.order_id.in_(order_ids))
        .order_by(WorkOrderPart.id)
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for order_id, name, quantity in rows:
        found.setdefault(order_id, []).append((name, quantity))
    return found


def fault_of(order_id: int) -> Fault | None:
    found: Fault | None = db.session.scalar(sa.select(Fault).where(Fault.order_id == order_id))
    return found
