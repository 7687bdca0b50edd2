"""Machines seen in a firm's workshop: proposed with what was said there, registered by the firm itself, or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.upkeep import limits
from app.upkeep.machines import service
from app.upkeep.machines.models import MachineProposal

WAITING, TAKEN, DROPPED = "waiting", "taken", "dropped"


@dataclass(frozen=True)
class Register:
    """What became of the machines that one row proposed: numbers only, whatever the firm calls them."""

    proposed: int
    taken: int
    dropped: int

    @property
    def waiting(self) -> int:
        return self.proposed - self.taken - self.dropped


_on_decided: list[Callable[[str, Register], None]] = []


def on_register(handler: Callable[[str, Register], None]) -> None:
    """Call `handler(source, register)` inside the transaction in which the firm decides on the last of a source."""
    if handler not in _on_decided:
        _on_decided.append(handler)


def propose(organisation_id: int, names: Iterable[str], source: str) -> int:
    """Propose machines to a firm, one a name; told twice they are there once. Answers how many there are."""
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    wrong = [Reason("machine_text_long", {"most": limits.NAME}) for one in wanted if len(one) > limits.NAME]
    if not wanted or len(wanted) > limits.PROPOSALS:
        wrong.append(Reason("machines_named", {"at": "machines", "most": limits.PROPOSALS}))
    if wrong:
        raise Invalid("machine_refused", wrong)
    with transaction() as session:
        known = {row.name for row in of_source(source)}
        session.add_all(
            MachineProposal(organisation_id=organisation_id, name=name, source=source, created_at=clock.now())
            for name in wanted
            if name not in known
        )
        session.flush()
        if not known:
            identity.notify_organisation(
                organisation_id,
                "machines_proposed",
                "/upkeep/#proposed",
                roles=roles.KEEPS_MACHINES,
                count=len(wanted),
            )
        return len(known.union(wanted))


def waiting(actor: Actor) -> Sequence[MachineProposal]:
    """What waits for the word of the actor's own firm."""
    query = sa.select(MachineProposal).where(
        MachineProposal.organisation_id == actor.organisation_id, MachineProposal.state == WAITING
    )
    return db.session.scalars(query.order_by(MachineProposal.id).limit(limits.PROPOSALS)).all()


def decide(actor: Actor, proposal_id: int, take: bool) -> MachineProposal:
    """Register the machine, or say that it is none of the firm's; only the firm itself may."""
    if not actor.may(roles.KEEPS_MACHINES):
        raise NotAllowed("machine_owner_only")
    with transaction():
        row = db.session.scalar(locked(sa.select(MachineProposal).where(MachineProposal.id == proposal_id)))
        if row is None or row.organisation_id != actor.organisation_id:
            raise NotFound("machine_not_found")
        if row.state != WAITING:
            raise Conflict("machine_proposal_over")
        if take:
            row.machine_id = service.add(actor, service.Card(row.name)).id
        row.state, row.decided_at = (TAKEN if take else DROPPED), clock.now()
        db.session.flush()
        found = register_of(row.source)
        if not found.waiting:
            for handler in _on_decided:
                handler(row.source, found)
        return row


def of_source(source: str) -> Sequence[MachineProposal]:
    query = sa.select(MachineProposal).where(MachineProposal.source == source)
    return db.session.scalars(query.order_by(MachineProposal.id)).all()


def register_of(source: str) -> Register:
    """How many of the machines that this row proposed stand in the firm's register."""
    states = [row.state for row in of_source(source)]
    return Register(len(states), states.count(TAKEN), states.count(DROPPED))
