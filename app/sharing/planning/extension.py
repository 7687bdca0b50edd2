"""New wishes that came while a plan waits for publication: fitted in, moving as little as pays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid
from app.identity import door as identity
from app.identity.door import Actor
from app.sharing.planning.engine import documents, explanation
from app.sharing.planning.engine.model import Instance, Quota, Request
from app.sharing.planning.models import ScheduleAssignment, ScheduleRun, SlotRequest
from app.sharing.planning.service import INSTANCE_KEYS, facts, get_round, keep, resources_of
from app.sharing.planning.wishes import open_wishes

if TYPE_CHECKING:
    from app.sharing.planning.engine.amendment import Move

MOVE_PENALTY = 50
"""In units of value: a wish is moved only if that makes the plan worth at least half an hour of low priority more."""


@dataclass(frozen=True)
class Extended:
    """What came of it: how many of the new wishes found a place, and what had to move."""

    added: int
    placed: int
    moves: tuple[Move, ...]


def new_wishes(row: ScheduleRun) -> list[SlotRequest]:
    """Wishes that could take part in the round and came after it was solved."""
    if row.state != "solved":
        return []
    known = set(
        db.session.scalars(
            sa.select(ScheduleAssignment.request_id).where(ScheduleAssignment.run_id == row.id)
        )
    )
    return [
        wish for wish in open_wishes((r.id for r in resources_of(row)), row.end_at) if wish.id not in known
    ]


def _more_quotas(old: Instance, made: Instance, fresh: Iterable[Request]) -> list[Quota]:
    """The quotas that the new wishes bring into the round; those that are in it stay as they are."""
    asking = {request.enterprise for request in fresh}
    known = {instrument.id for instrument in old.instruments}
    there = {(quota.enterprise, quota.instruments, quota.from_slot) for quota in old.quotas}
    return [
        replace(quota, to_slot=min(quota.to_slot, old.slots))
        for quota in made.quotas
        if quota.enterprise in asking
        and known.issuperset(quota.instruments or ())
        and (quota.enterprise, quota.instruments, quota.from_slot) not in there
        and quota.from_slot < old.slots
    ]


def extend(actor: Actor, run_id: int) -> Extended:
    """Fit the wishes that came meanwhile into the plan."""
    from app.sharing.planning.engine import amendment

    with transaction():
        row = get_round(actor, run_id, lock=True)
        if row.state != "solved":
            raise Conflict("sharing_transition", state=row.state, target="solved")
        wishes = new_wishes(row)
        if not wishes:
            raise Invalid("schedule_no_wishes")
        made = facts(row, resources_of(row), wishes, None)
        old = documents.instance_from({key: row.instance.get(key) for key in INSTANCE_KEYS})
        known = {instrument.id for instrument in old.instruments}
        fresh = [
            r for r in made.instance.requests if made.grain == old.slot_minutes and set(r.eligible) <= known
        ]
        old = replace(old, quotas=(*old.quotas, *_more_quotas(old, made.instance, fresh)))
        before = documents.plan_from(row.plan)
        plan, moves = amendment.replan(old, before, fresh, MOVE_PENALTY)
        names = {request.id for request in fresh}
        left = {str(wish.id): made.left_out.get(wish.id, "no_fitting_instrument") for wish in wishes}
        left_out = {
            **row.instance["left_out"],
            **{number: code for number, code in left.items() if number not in names},
        }
        merged = replace(old, requests=(*old.requests, *fresh))
        baseline = int(row.plan["first_come_value"])
        db.session.execute(sa.delete(ScheduleAssignment).where(ScheduleAssignment.run_id == row.id))
        row.instance = {**row.instance, **documents.document_of(merged), "left_out": left_out}
        keep(row, plan, baseline, explanation.explain(merged, plan))
        row.plan = {**row.plan, "moved": [move.request for move in moves]}
        row.outcome = plan.status
        identity.audit(
            actor, "schedule.extended", "schedule_run", row.id, added=len(wishes), moved=len(moves)
        )
        placed = sum(1 for one in plan.assignments if one.request in names)
        return Extended(len(wishes), placed, tuple(moves))
