"""The optimiser: from wishes to a plan with a proven bound, better the longer it may think."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from app.sharing.scheduling.cluster import Cluster
from app.sharing.scheduling.crew import Crew
from app.sharing.scheduling.explaining import explain, value_of
from app.sharing.scheduling.fairness import SCALE, weights
from app.sharing.scheduling.model import Assignment, Instance, Plan, Progress
from app.sharing.scheduling.piece import Piece
from app.sharing.scheduling.placing import Columns, Ints, placements
from app.sharing.scheduling.rows import binding_owners, components, with_owners

FIRST_EFFORT = 2.0  # deterministic seconds for each whole-number model in the first round; doubled each round
PIECE_COLUMNS = 40_000  # parts up to this size are one whole-number model
CORE_EFFORT = 5.0  # … and for the most promising columns of a very large part
HARD_COLUMNS = 6_000  # parts above this size that a round did not prove are searched in regions as well
EXPLAINING = 2e-4  # seconds per request kept back for saying why some were refused
SEARCHES = 4  # passes over the regions of a cluster per round
WORTH_GOING_ON = 2e-4  # a pass that gains less than this share of the value ends the passes of the round

Part = Piece | Cluster


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
        columns = placements(instance)
        cap = instance.max_slots_per_enterprise
        columns = with_owners(columns, binding_owners(columns, cap))
        caps = None if cap is None else np.full(int(columns.owner.max(initial=0)) + 1, cap)
        places = components(columns)
        judged = columns
        if fair_weight:
            weight = np.array(weights(instance, fair_weight), dtype=np.int64)
            judged = replace(columns, value=columns.value * weight[columns.request])
        parts = [_part(judged.take(part), caps) for part in places]
        honest = [_part(columns.take(part), caps) for part in places] if fair_weight else parts
        scale = SCALE if fair_weight else 1
        crew.standing = lambda: (
            sum(p.value for p in parts) // scale,
            sum(p.bound for p in honest),
        )
        _relax(parts, crew, seed)
        if fair_weight:
            _relax(honest, crew, seed)
        ended = _improve(parts, crew, random.Random(seed), seed, rounds)
        crew.beat()
        chosen = np.concatenate([*(at[p.chosen] for at, p in zip(places, parts, strict=True)), _NONE])
        return _plan(instance, columns, chosen, sum(p.bound for p in honest), ended, crew)


_NONE = np.zeros(0, dtype=np.int64)


def _part(columns: Columns, caps: Ints | None) -> Part:
    return Piece(columns, caps) if len(columns) <= PIECE_COLUMNS else Cluster(columns, caps)


def _relax(parts: list[Part], crew: Crew, seed: int) -> None:
    """A first plan and a bound for every part."""
    crew.phase = "relaxation"
    crew.run([partial(p.relax, crew) for p in parts], _ignore)
    clusters = [p for p in parts if isinstance(p, Cluster)]
    for cluster in clusters:
        if not crew.over:
            cluster.open_cells()
    tasks = [partial(c.improve_core, crew, CORE_EFFORT, seed) for c in clusters]
    crew.run(tasks + [partial(p.relax, crew) for c in clusters for p in c.pieces], _ignore)
    for cluster in clusters:
        cluster.merge()


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
        clusters = [_cluster_of(parts[n], n, beside, crew, seed) for n in hard]
        _advance(clusters, crew, rng, effort, seed)
        for n, cluster in zip(hard, clusters, strict=True):
            part = parts[n]
            if isinstance(part, Piece):  # a better plan fixes more in the next round
                part.learn(cluster.chosen, cluster.bound)
        effort, done = effort * 2, done + 1


def _cluster_of(part: Part, number: int, beside: dict[int, Cluster], crew: Crew, seed: int) -> Cluster:
    """The part as a cluster; a piece that one model did not prove is searched as one too."""
    if isinstance(part, Cluster):
        return part
    cluster = beside.get(number)
    if cluster is None:
        cluster = beside[number] = Cluster(part.columns, part.caps)
        _relax([cluster], crew, seed)
    cluster.begin_from(part.chosen)
    return cluster


def _advance(clusters: list[Cluster], crew: Crew, rng: random.Random, effort: float, seed: int) -> None:
    """One round: cores (for the value) and cells (for the bound) in whole numbers, then regions, then new prices."""
    crew.phase = "whole numbers"
    tasks = [partial(c.improve_core, crew, effort * CORE_EFFORT, seed) for c in clusters]
    cells = [p for c in clusters for p in c.pieces if not p.closed]
    crew.run(tasks + [partial(p.improve, crew, effort * FIRST_EFFORT, seed) for p in cells], _ignore)
    for cluster in clusters:
        cluster.merge()
    crew.phase = "search"
    going = clusters
    for _ in range(SEARCHES):
        going = [c for c in going if not crew.over and _gains(c, crew, rng, effort * FIRST_EFFORT, seed)]
    crew.phase = "prices"
    moved = [c for c in clusters if not (c.closed or crew.over) and c.settled and c.reprice()]
    for cluster in moved:
        cluster.open_cells()
    crew.run([partial(p.relax, crew) for c in moved for p in c.pieces], _ignore)


def _gains(cluster: Cluster, crew: Crew, rng: random.Random, effort: float, seed: int) -> bool:
    """Search the regions of a cluster once; whether it is worth doing again."""
    if cluster.closed:
        return False
    gain = cluster.search(crew, rng, effort, 2 * len(cluster.pieces), seed)
    return gain >= WORTH_GOING_ON * cluster.value


def _ignore(_number: int, _result: None) -> None:
    """Parts keep their own results."""


def _plan(instance: Instance, columns: Columns, chosen: Ints, bound: int, ended: str, crew: Crew) -> Plan:
    place = {int(columns.request[c]): int(c) for c in chosen}
    assignments = []
    for n, request in enumerate(instance.requests):
        column = place.get(n)
        if column is not None:
            name = instance.instruments[int(columns.instrument[column])].id
            start, work = int(columns.start[column]), int(columns.work[column])
            assignments.append(Assignment(request.id, name, start, work))
    value = value_of(instance, assignments)
    status = "optimal" if value == bound else "feasible"
    plan = Plan(status, value, max(bound, value), 0.0, tuple(assignments), (), {"ended_by": ended})
    return replace(plan, rejected=explain(instance, plan, changes=False), seconds=crew.spent)
