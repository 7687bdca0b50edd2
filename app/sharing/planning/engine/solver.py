"""The optimiser: from wishes to a plan with a proven bound, better the longer it may think."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import numpy as np

from app.sharing.planning.engine.broad import Broad
from app.sharing.planning.engine.cluster import Cluster
from app.sharing.planning.engine.crew import Crew
from app.sharing.planning.engine.explanation import explain, value_of
from app.sharing.planning.engine.fairness import SCALE, weights
from app.sharing.planning.engine.model import Assignment, Instance, Plan, Progress
from app.sharing.planning.engine.piece import Piece
from app.sharing.planning.engine.places import REQUEST, Columns, Ints, Places, places
from app.sharing.planning.engine.rows import binding_owners, components, ties
from app.sharing.planning.engine.search import Search
from app.sharing.planning.engine.starts import patient_plans

FIRST_EFFORT = 2.0  # deterministic seconds for each whole-number model in the first round; doubled each round
PIECE_COLUMNS = 40_000  # parts up to this size are one whole-number model
CORE_EFFORT = 5.0  # … and for the most promising columns of a very large part
HARD_COLUMNS = 6_000  # parts above this size that a round did not prove are searched in regions as well
EXPLAINING = 2e-4  # seconds per request kept back for saying why some were refused
SEARCHES = 4  # passes over the regions of a cluster per round
WORTH_GOING_ON = 2e-4  # a pass that gains less than this share of the value ends the passes of the round

HELD_COLUMNS = 2_000_000  # placements that are kept in memory; of more only a pool of the best is searched,
FEW_COLUMNS = 300_000  # and without caps also in parts above this size: measured, the pool does better

Part = Piece | Cluster | Broad


def solve(
    instance: Instance,
    *,
    seconds: float = 60.0,
    workers: int = 2,
    seed: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    fair_weight: float | None = None,
    rounds: int | None = None,
) -> Plan:
    """Find the most valuable plan, and prove how far from the best it can be at most.

    Parameters
    ----------
    seconds : float
        Wall clock. Whatever is found by then is the plan.
    workers : int
        Solver calls side by side; does not change what is found, only when.
    on_progress, should_stop : callable, optional
        Called in the caller's thread about five times a second; a stop keeps the best plan so far.
    fair_weight : float, optional
        0–1, see `fairness.shares`. The plan then maximises the weighted value; `value` and `bound` remain those of the
        format, so the gap says what fairness costs at most.
    rounds : int, optional
        Deterministic limit: with the same instance, seed and rounds the plan is the same, on every machine that gets
        through the rounds within `seconds`. A run that ends by proof is deterministic as well.

    Returns
    -------
    Plan
        With `notes["ended_by"]`: `proof`, `rounds`, `clock` or `stop`.
    """
    searching = max(seconds / 2, seconds - EXPLAINING * len(instance.requests))
    with Crew(searching, workers, on_progress, should_stop) as crew:
        plans = patient_plans(instance, crew)
        crew.beat()
        every = places(instance)
        cap = instance.max_slots_per_enterprise
        every = every.with_owners(binding_owners(every.firsts(), cap))
        caps = None if cap is None else np.full(max(1, every.extent[3]), cap)
        judged = every
        if fair_weight:
            judged = every.weighted(np.array(weights(instance, fair_weight), dtype=np.int64))
        parts = _parts(judged, caps, plans)
        honest = _parts(every, caps, []) if fair_weight else parts
        scale = SCALE if fair_weight else 1
        crew.standing = lambda: (
            sum(p.value for p in parts) // scale,
            sum(p.bound for p in honest),
        )
        _relax(parts, crew, seed, plans)
        if fair_weight:
            _relax(honest, crew, seed)
        ended = _improve(parts, crew, random.Random(seed), seed, rounds)
        crew.beat()
        plan = _plan(instance, parts, sum(p.bound for p in honest), ended)
        refusals = explain(instance, plan, changes=False, hurried=lambda: crew.spent > seconds)
        return replace(plan, rejected=refusals, seconds=crew.spent)


def _parts(every: Places, caps: Ints | None, plans: list[Columns]) -> list[Part]:
    """What can be planned apart, as models by size."""
    few = HELD_COLUMNS if caps is not None else FEW_COLUMNS
    if len(every) <= few:
        return _held(every.columns(), caps)
    parts: list[Part] = []
    held = 0
    for runs in reversed(ties(every)):  # the smallest first
        part = every.of(runs)
        held += len(part)
        if held <= HELD_COLUMNS and len(part) <= few:
            parts += _held(part.columns(), caps)
        else:
            parts.append(
                Broad(part, caps, [p.take(np.isin(p.request, part.table[:, REQUEST])) for p in plans])
            )
    return parts


def _held(columns: Columns, caps: Ints | None) -> list[Part]:
    """The parts of columns that are all held in memory."""
    parts: list[Part] = []
    for at in components(columns):
        inner = columns.take(at)
        parts.append(Piece(inner, caps) if len(inner) <= PIECE_COLUMNS else Cluster(inner, caps))
    return parts


def _relax(parts: list[Part], crew: Crew, seed: int, plans: Iterable[Columns] = ()) -> None:
    """A first plan, worth no less than any of these, and a bound for every part."""
    crew.phase = "relaxation"
    crew.run([partial(p.relax, crew) for p in parts], _ignore)
    for plan in plans:
        for part in parts:
            part.start(plan)
    searched = [p for p in parts if isinstance(p, Search)]
    for part in searched:
        if isinstance(part, Cluster) and not crew.over:
            part.open_cells()
    tasks = [partial(c.improve_core, crew, CORE_EFFORT, seed) for c in searched]
    crew.run(tasks + [partial(p.relax, crew) for c in searched for p in c.pieces], _ignore)
    for part in searched:
        part.merge()


def _improve(parts: list[Part], crew: Crew, rng: random.Random, seed: int, rounds: int | None) -> str:
    """Rounds of whole-number models over what is not proven yet; why it ended."""
    effort, done = 1.0, 0
    beside: dict[int, Cluster] = {}
    while True:
        still = [p for p in parts if not p.closed]
        if not still:
            return "proof"
        if crew.over:
            return "stop" if crew.asked_to_stop else "clock"
        if done == rounds:
            return "rounds"
        crew.phase = "whole numbers"
        plain = [p for p in reversed(still) if isinstance(p, Piece)]  # small ones first: they close soonest
        crew.run([partial(p.improve, crew, effort * FIRST_EFFORT, seed) for p in plain], _ignore)
        hard = [n for n, p in enumerate(parts) if not p.closed and len(p.columns) > HARD_COLUMNS]
        searched = [_searched(parts[n], n, beside, crew, seed) for n in hard]
        _advance(searched, crew, rng, effort, seed)
        for n, found in zip(hard, searched, strict=True):
            part = parts[n]
            if isinstance(part, Piece):  # a better plan fixes more in the next round
                part.learn(found.chosen, found.bound)
        effort, done = effort * 2, done + 1


def _searched(part: Part, number: int, beside: dict[int, Cluster], crew: Crew, seed: int) -> Cluster | Broad:
    """The part as one that is searched by regions; a piece that one model did not prove becomes a cluster beside it."""
    if not isinstance(part, Piece):
        return part
    cluster = beside.get(number)
    if cluster is None:
        cluster = beside[number] = Cluster(part.columns, part.caps)
        _relax([cluster], crew, seed)
    cluster.begin_from(part.chosen)
    return cluster


def _advance(parts: list[Cluster | Broad], crew: Crew, rng: random.Random, effort: float, seed: int) -> None:
    """One round: cores (for the value) and cells (for the bound) in whole numbers, then regions, then new prices."""
    crew.phase = "whole numbers"
    tasks = [partial(p.improve_core, crew, effort * CORE_EFFORT, seed) for p in parts]
    cells = [piece for p in parts for piece in p.pieces if not piece.closed]
    crew.run(tasks + [partial(piece.improve, crew, effort * FIRST_EFFORT, seed) for piece in cells], _ignore)
    for part in parts:
        part.merge()
    crew.phase = "search"
    going = parts
    for _ in range(SEARCHES):
        going = [p for p in going if not crew.over and _gains(p, crew, rng, effort * FIRST_EFFORT, seed)]
    crew.phase = "prices"
    clusters = [p for p in parts if isinstance(p, Cluster)]
    moved = [c for c in clusters if not (c.closed or crew.over) and c.settled and c.reprice()]
    for cluster in moved:
        cluster.open_cells()
    crew.run([partial(p.relax, crew) for c in moved for p in c.pieces], _ignore)


def _gains(part: Cluster | Broad, crew: Crew, rng: random.Random, effort: float, seed: int) -> bool:
    """Search the regions of a part once; whether it is worth doing again."""
    if part.closed:
        return False
    return part.search(crew, rng, effort, seed) >= WORTH_GOING_ON * part.value


def _ignore(_number: int, _result: None) -> None:
    """Parts keep their own results."""


def _plan(instance: Instance, parts: list[Part], bound: int, ended: str) -> Plan:
    place: dict[int, Assignment] = {}
    for part in parts:
        c = part.columns.take(part.chosen)
        rows = zip(*(x.tolist() for x in (c.request, c.instrument, c.start, c.work)), strict=True)
        for request, instrument, start, work in rows:
            names = instance.requests[request].id, instance.instruments[instrument].id
            place[request] = Assignment(*names, start, work)
    assignments = [place[n] for n in sorted(place)]
    value = value_of(instance, assignments)
    status = "optimal" if value == bound else "feasible"
    return Plan(status, value, max(bound, value), 0.0, tuple(assignments), (), {"ended_by": ended})
