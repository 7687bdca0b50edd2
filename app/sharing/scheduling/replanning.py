"""Fits a handful of new requests into a plan that stands, moving as little of it as pays."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from app.sharing.scheduling.crew import Crew
from app.sharing.scheduling.explaining import explain, value_of
from app.sharing.scheduling.model import Assignment, Instance, Plan, Request
from app.sharing.scheduling.piece import Piece
from app.sharing.scheduling.placing import placements
from app.sharing.scheduling.rows import components

EFFORT = 1.0


@dataclass(frozen=True, slots=True)
class Move:
    """A request that had a place and has another one now, or none."""

    request: str
    before: Assignment
    after: Assignment | None


def replan(
    instance: Instance,
    existing_plan: Plan,
    new_requests: Iterable[Request],
    move_penalty: int,
    *,
    seconds: float = 1.5,
    seed: int = 0,
) -> tuple[Plan, list[Move]]:
    """Fit new requests in.

    Looks at the instruments the new requests may use, and at whoever sits there or was refused there; everything else
    stays as it is. Maximises the value minus `move_penalty` for each placed request that is moved or dropped.

    Parameters
    ----------
    instance : Instance
        What the existing plan was made for; confirmed bookings are busy time in it and never move.
    new_requests : Request
        With ids that the instance does not have.
    move_penalty : int
        In units of value (see the format), at least 0.

    Returns
    -------
    plan : Plan
        For old and new requests; its bound is that of the existing plan plus every new request's best place alone.
    moves : list of Move
    """
    began = time.perf_counter()
    new = tuple(new_requests)
    whole = replace(instance, requests=(*instance.requests, *new))
    number = {i.id: n for n, i in enumerate(whole.instruments)}
    place = {a.request: a for a in existing_plan.assignments}
    region = {number[name] for request in new for name in request.eligible}
    asking = set()
    for n, request in enumerate(whole.requests):
        at = place.get(request.id)
        if (
            (number[at.instrument] in region)
            if at
            else any(number[name] in region for name in request.eligible)
        ):
            asking.add(n)
    columns = placements(whole, requests=asking, instruments=region)
    owners = {e: n for n, e in enumerate(sorted({r.enterprise for r in whole.requests}))}
    caps = None
    if whole.max_slots_per_enterprise is not None:
        caps = np.full(len(owners), whole.max_slots_per_enterprise)
        enterprise = {r.id: r.enterprise for r in whole.requests}
        for a in existing_plan.assignments:
            if number[a.instrument] not in region:
                caps[owners[enterprise[a.request]]] -= a.slots
    else:
        columns = replace(columns, owner=np.full_like(columns.owner, -1))
    present = np.zeros(len(columns), dtype=bool)
    for n in sorted(asking):
        at = place.get(whole.requests[n].id)
        if at:
            lo, hi = np.searchsorted(columns.request, (n, n + 1))
            here = (columns.instrument[lo:hi] == number[at.instrument]) & (
                columns.start[lo:hi] == at.start_slot
            )
            present[lo:hi] |= here
    held = replace(columns, value=columns.value + np.where(present, max(0, move_penalty), 0))
    kept = {a.request: a for a in existing_plan.assignments if number[a.instrument] not in region}
    with Crew(seconds, 1) as crew:
        for part in components(held):
            piece = Piece(held.take(part), caps, np.flatnonzero(present[part]))
            piece.improve(crew, EFFORT, seed)
            for c in part[piece.chosen].tolist():
                name = whole.requests[int(columns.request[c])].id
                instrument = whole.instruments[int(columns.instrument[c])].id
                kept[name] = Assignment(name, instrument, int(columns.start[c]), int(columns.work[c]))
    order = [kept[r.id] for r in whole.requests if r.id in kept]
    moves = [
        Move(a.request, a, kept.get(a.request)) for a in existing_plan.assignments if kept.get(a.request) != a
    ]
    alone: dict[int, int] = {}
    for c in range(len(columns)):
        alone[int(columns.request[c])] = max(alone.get(int(columns.request[c]), 0), int(columns.value[c]))
    bound = existing_plan.bound + sum(v for n, v in alone.items() if n >= len(instance.requests))
    value = value_of(whole, order)
    status = "optimal" if value == bound else "feasible"
    plan = Plan(status, value, bound, 0.0, tuple(order), ())
    plan = replace(plan, rejected=explain(whole, plan, changes=False), seconds=time.perf_counter() - began)
    return plan, moves
