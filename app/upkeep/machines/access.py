"""Who keeps a machine: its owner's people, nobody else; the park sees counts only."""

from __future__ import annotations

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.db.transaction import locked
from app.hall.errors import NotAllowed, NotFound
from app.identity.door import Actor, roles
from app.upkeep.machines.models import Machine


def keeps(actor: Actor, machine: Machine) -> bool:
    return actor.is_system or (
        actor.organisation_id == machine.organisation_id and actor.may(roles.KEEPS_MACHINES)
    )


def get_machine(actor: Actor, machine_id: int, *, lock: bool = False) -> Machine:
    """A machine for who keeps it; that a shared one exists everybody knows, of others nobody learns."""
    query = sa.select(Machine).where(Machine.id == machine_id)
    return checked(actor, db.session.scalar(locked(query) if lock else query))


def of_resource(actor: Actor, resource_id: int) -> Machine:
    return checked(actor, db.session.scalar(sa.select(Machine).where(Machine.resource_id == resource_id)))


def checked(actor: Actor, machine: Machine | None) -> Machine:
    if machine is None:
        raise NotFound("machine_not_found")
    if not keeps(actor, machine):
        raise NotAllowed("machine_owner_only") if machine.resource_id else NotFound("machine_not_found")
    return machine
