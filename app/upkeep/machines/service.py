"""Registering machines, their parts and meters, and what state they are in."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.upkeep import limits
from app.upkeep.machines import access, rules
from app.upkeep.machines.models import Machine, MachinePart
from app.upkeep.orders.models import OPEN_STATES, WorkOrder
from app.upkeep.readings.models import Meter

if TYPE_CHECKING:
    from app.sharing.catalogue.models import Resource


@dataclass(frozen=True)
class Card:
    """What somebody types about a machine."""

    name: str
    code: str = ""
    model: str = ""
    serial: str = ""
    place: str = ""
    planned: str = "working_hours"


def add(actor: Actor, card: Card) -> Machine:
    """A machine of one's own that is not shared; shared ones are here already."""
    if not actor.may(roles.KEEPS_MACHINES):
        raise NotAllowed("machine_owner_only")
    with transaction() as session:
        row = Machine(
            organisation_id=actor.organisation_id,
            token=secrets.token_urlsafe(12),
            state=rules.IN_SERVICE,
            created_at=clock.now(),
        )
        _write(row, card)
        if not row.code:
            row.code = f"M{secrets.token_hex(3).upper()}"
        _only_one(row)
        session.add(row)
        session.flush()
        identity.audit(actor, "machine.added", "machine", row.id, row.name)
        return row


def add_shared(resource: Resource) -> None:
    """An instrument was listed or changed: the same machine, one row, with the same name."""
    row = db.session.scalar(sa.select(Machine).where(Machine.resource_id == resource.id))
    if row is None:
        row = Machine(
            organisation_id=resource.owner_id,
            resource_id=resource.id,
            code=f"R{resource.id}",
            serial="",
            token=secrets.token_urlsafe(12),
            state=rules.IN_SERVICE,
            planned="working_hours",
            created_at=clock.now(),
        )
        db.session.add(row)
    row.name, row.model = resource.name, resource.model or ""
    row.place = f"{resource.building or ''} {resource.place or ''}".strip()


def drop_shared(resource_ids: Sequence[int]) -> None:
    """Instruments are taken back: so are their machines on which nothing hangs yet."""
    machine = Machine.__table__
    used = [
        sa.exists().where(key.parent == machine.c.id)
        for table in db.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column is machine.c.id
    ]
    for at in range(0, len(resource_ids), 500):
        part = resource_ids[at : at + 500]
        db.session.execute(sa.delete(Machine).where(Machine.resource_id.in_(part), sa.not_(sa.or_(*used))))


def edit(actor: Actor, machine_id: int, card: Card) -> Machine:
    with transaction():
        row = access.get_machine(actor, machine_id, lock=True)
        before = row.code
        if row.resource_id is not None:  # what its resource says is said there
            card = replace(card, name=row.name, model=row.model, place=row.place)
        _write(row, card)
        row.code = row.code or before
        _only_one(row)
        identity.audit(actor, "machine.changed", "machine", row.id, row.name)
        return row


def _write(row: Machine, card: Card) -> None:
    texts = {name: getattr(card, name).strip() for name in ("name", "code", "model", "serial", "place")}
    reasons = [
        Reason("machine_text_long", {"at": name, "most": limits.NAME})
        for name, text in texts.items()
        if len(text) > limits.NAME
    ]
    if not texts["name"]:
        reasons.append(Reason("machine_name", {"at": "name"}))
    if card.planned not in ("working_hours", "always"):
        reasons.append(Reason("machine_planned", {"at": "planned"}))
    if reasons:
        raise Invalid("machine_refused", reasons)
    for name, text in texts.items():
        setattr(row, name, text)
    row.planned = card.planned


def _only_one(row: Machine) -> None:
    with db.session.no_autoflush:
        other = db.session.scalar(
            sa.select(Machine.id).where(
                Machine.organisation_id == row.organisation_id, Machine.code == row.code
            )
        )
    if other is not None and other != row.id:
        raise Conflict("machine_refused", [Reason("machine_code_taken", {"code": row.code, "at": "code"})])


def change_state(actor: Actor, machine_id: int, wanted: str) -> Machine:
    """To rest, back into service, or retired for good; down it goes by a fault only."""
    with transaction():
        row = access.get_machine(actor, machine_id, lock=True)
        if rules.DOWN in (wanted, row.state) or not rules.may_become(row.state, wanted):
            raise not_so(row.state, wanted)
        open_orders = db.session.scalar(
            sa.select(sa.func.count()).where(WorkOrder.machine_id == row.id, WorkOrder.state.in_(OPEN_STATES))
        )
        if wanted == rules.RETIRED and open_orders:
            raise Conflict("machine_has_orders", count=open_orders)
        row.state = wanted
        identity.audit(actor, f"machine.{wanted}", "machine", row.id, row.name)
        return row


def not_so(state: str, wanted: str) -> Conflict:
    return Conflict(
        "machine_transition",
        state={"code": f"machine_state_{state}"},
        target={"code": f"machine_state_{wanted}"},
    )


def set_part(actor: Actor, machine_id: int, name: str, number: str, stock: int, least: int) -> MachinePart:
    """A part of the machine, with how many lie in the cupboard; the same name again changes it."""
    name = name.strip()
    if not name or len(name) > limits.NAME or not 0 <= stock <= 10**6 or not 0 <= least <= 10**6:
        raise Invalid("part_refused")
    with transaction() as session:
        machine = access.get_machine(actor, machine_id, lock=True)
        row = session.scalar(
            sa.select(MachinePart).where(MachinePart.machine_id == machine.id, MachinePart.name == name)
        )
        if row is None:
            row = MachinePart(machine_id=machine.id, name=name)
            session.add(row)
        row.number, row.stock, row.least = number.strip()[: limits.NAME], stock, least
        session.flush()
        return row


@dataclass(frozen=True)
class NewMeter:
    """`limit_micro` only for a gauge."""

    code: str
    name: str = ""
    unit: str = ""
    kind: str = "gauge"
    limit_micro: int | None = None


def set_meter(actor: Actor, machine_id: int, wanted: NewMeter) -> Meter:
    """A meter of the machine; the same code again changes its name, unit and limit."""
    code = wanted.code.strip()
    reasons = []
    if not code or len(code) > 60:
        reasons.append(Reason("meter_code", {"at": "code"}))
    if wanted.kind not in ("hours", "gauge"):
        reasons.append(Reason("meter_kind", {"at": "kind"}))
    if reasons:
        raise Invalid("meter_refused", reasons)
    with transaction() as session:
        machine = access.get_machine(actor, machine_id, lock=True)
        row = session.scalar(sa.select(Meter).where(Meter.machine_id == machine.id, Meter.code == code))
        if row is None:
            row = Meter(machine_id=machine.id, code=code, kind=wanted.kind, state="learning")
            session.add(row)
        elif row.kind != wanted.kind:
            raise Conflict("meter_refused", [Reason("meter_kind_stays", {"at": "kind"})])
        row.name = wanted.name.strip()[: limits.NAME] or code
        row.unit = ("h" if wanted.kind == "hours" else wanted.unit.strip())[:20]
        row.limit_micro = wanted.limit_micro if wanted.kind == "gauge" else None
        session.flush()
        return row


def by_token(actor: Actor, token: str) -> Machine:
    """The machine of a label; the label of another park or firm opens nothing."""
    row = db.session.scalar(sa.select(Machine).where(Machine.token == token))
    if row is None:
        raise NotFound("machine_label")
    return access.checked(actor, row)
