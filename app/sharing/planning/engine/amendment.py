"""Fits a handful of new requests into a plan that stands, moving as little of it as pays."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.sharing.planning.engine.crew import Crew
from app.sharing.planning.engine.explanation import explain, value_of
from app.sharing.planning.engine.model import Assignment, Instance, Plan, Request
from app.sharing.planning.engine.piece import Piece
from app.sharing.planning.engine.places import (
    BASE,
    INSTRUMENT,
    REQUEST,
    Columns,
    Ints,
    Places,
    locate,
    placements,
    places,
)
from app.sharing.planning.engine.queue import Board
from app.sharing.planning.engine.rows import components

EFFORT = 1.0
MOST = 25_000  # places at stake; of a larger region only part is looked at


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

    Looks at the instruments the new requests may use (of very many at those they like best), and at whoever sits there or
    was refused there; everything else stays as it is. Maximises the value minus `move_penalty` for each placed request that is moved or dropped.

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
    standing = (*existing_plan.assignments, *_taken_at_once(whole, existing_plan, new))
    place = {a.request: a for a in standing}
    region = {number[name] for request in new for name in request.eligible}
    found = places(whole, requests=_asking(whole, place, number, region), instruments=region)
    if len(found) > MOST:
        region = _narrowed(found, {len(instance.requests) + n for n in range(len(new))})
    asking = _asking(whole, place, number, region)
    columns = placements(whole, requests=asking, instruments=region)
    owners = {e: n for n, e in enumerate(sorted({r.enterprise for r in whole.requests}))}
    caps = None
    if whole.max_slots_per_enterprise is not None:
        caps = np.full(len(owners), whole.max_slots_per_enterprise)
        enterprise = {r.id: r.enterprise for r in whole.requests}
        for a in standing:
            if number[a.instrument] not in region:
                caps[owners[enterprise[a.request]]] -= a.slots
    else:
        columns = replace(columns, owner=np.full_like(columns.owner, -1))
    if columns.quotas is not None:
        columns = replace(columns, quotas=columns.quotas.less(_outside(whole, standing, number, region)))
    sitting = _sitting(columns, whole, place, number)
    present = sitting[columns.request[sitting] < len(instance.requests)]
    held = replace(columns, value=columns.value.copy())
    held.value[present] += max(0, move_penalty)
    kept = {a.request: a for a in standing if number[a.instrument] not in region}
    with Crew(seconds, 1) as crew:
        for part in components(held):
            piece = Piece(held.take(part), caps, np.flatnonzero(np.isin(part, sitting)))
            piece.improve(crew, EFFORT, seed)
            for c in part[piece.chosen].tolist():
                name = whole.requests[int(columns.request[c])].id
                instrument = whole.instruments[int(columns.instrument[c])].id
                kept[name] = Assignment(name, instrument, int(columns.start[c]), int(columns.work[c]))
    order = [kept[r.id] for r in whole.requests if r.id in kept]
    moves = [
        Move(a.request, a, kept.get(a.request)) for a in existing_plan.assignments if kept.get(a.request) != a
    ]
    empty = Board(whole)
    bound = existing_plan.bound + sum((empty.best(request) or (0,))[0] for request in new)
    value = value_of(whole, order)
    status = "optimal" if value == bound else "feasible"
    plan = Plan(status, value, bound, 0.0, tuple(order), ())
    plan = replace(plan, rejected=explain(whole, plan, changes=False), seconds=time.perf_counter() - began)
    return plan, moves


def _outside(
    whole: Instance, standing: Iterable[Assignment], number: Mapping[str, int], region: set[int]
) -> Columns:
    """Who sits outside of the region, with what counts against a quota."""
    asked = {r.id: n for n, r in enumerate(whole.requests)}
    rows = [
        (asked[a.request], number[a.instrument], a.start_slot, a.slots)
        for a in standing
        if number[a.instrument] not in region
    ]
    request, instrument, start, work = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Columns(request, instrument, start, start + work, work, start, start)


def _taken_at_once(whole: Instance, plan: Plan, new: Iterable[Request]) -> list[Assignment]:
    """The best free places for the new requests, one after the other: what they have even if there is no time to search."""
    board, asked = Board(whole), {r.id: r for r in whole.requests}
    number = {i.id: n for n, i in enumerate(whole.instruments)}
    for a in plan.assignments:
        board.occupy(asked[a.request], number[a.instrument], a.start_slot, a.slots)
    found = []
    for request in sorted(new, key=lambda r: -r.priority):
        best = board.best(request)
        if best is not None:
            _, start, at, work = best
            board.occupy(request, at, start, work)
            found.append(Assignment(request.id, whole.instruments[at].id, start, work))
    return found


def _asking(
    whole: Instance, place: Mapping[str, Assignment], number: Mapping[str, int], region: set[int]
) -> set[int]:
    """Who sits in the region, and who has no place but would take one there."""
    asking = set()
    for n, request in enumerate(whole.requests):
        at = place.get(request.id)
        here = (at.instrument,) if at else request.eligible
        if any(number[name] in region for name in here):
            asking.add(n)
    return asking


def _narrowed(found: Places, new: set[int]) -> set[int]:
    """Of too large a region the instruments the new requests like best, in turn, while few enough places are at stake."""
    at_stake = np.bincount(found.table[:, INSTRUMENT], weights=found.counts)
    mine = found.table[np.isin(found.table[:, REQUEST], sorted(new))]
    order = mine[np.lexsort((mine[:, INSTRUMENT], -mine[:, BASE], mine[:, REQUEST]))]
    lists = [dict.fromkeys(order[order[:, REQUEST] == n, INSTRUMENT].tolist()) for n in sorted(new)]
    region: set[int] = set()
    total = 0.0
    for turn in itertools.zip_longest(*lists):
        for instrument in turn:
            if instrument is None or instrument in region:
                continue
            if region and total + at_stake[instrument] > MOST:
                return region
            region.add(instrument)
            total += at_stake[instrument]
    return region


def _sitting(
    columns: Columns, whole: Instance, place: Mapping[str, Assignment], number: Mapping[str, int]
) -> Ints:
    """The positions of the columns that stand."""
    rows = [
        (n, number[at.instrument], at.start_slot)
        for n, request in enumerate(whole.requests)
        if (at := place.get(request.id))
    ]
    request, instrument, start = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return locate(columns, Columns(request, instrument, start, start, start, start, start))
