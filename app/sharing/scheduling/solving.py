"""The optimiser: from wishes to a plan with a proven bound, better the longer it may think."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import numpy as np

from app.sharing.scheduling.cluster import Cluster
from app.sharing.scheduling.crew import Crew
from app.sharing.scheduling.model import Assignment, Instance, Plan, Progress, Rejection
from app.sharing.scheduling.piece import Piece
from app.sharing.scheduling.placing import Columns, Ints, placements
from app.sharing.scheduling.rows import binding_owners, components, with_owners

FIRST_EFFORT = 2.0
PIECE_COLUMNS = 40_000


def solve(
    instance: Instance,
    *,
    seconds: float = 60.0,
    workers: int = 2,
    seed: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    fair_weight: float | None = None,
) -> Plan:
    """Find the most valuable plan."""
    with Crew(seconds, workers, on_progress, should_stop) as crew:
        columns = placements(instance)
        cap = instance.max_slots_per_enterprise
        columns = with_owners(columns, binding_owners(columns, cap))
        caps = None if cap is None else np.full(int(columns.owner.max(initial=0)) + 1, cap)
        parts = components(columns)
        pieces: list[Piece | Cluster] = []
        for part in parts:
            inner = columns.take(part)
            pieces.append(Piece(inner, caps) if len(part) <= PIECE_COLUMNS else Cluster(inner, caps))
        crew.standing = lambda: (sum(p.value for p in pieces), sum(p.bound for p in pieces))
        crew.phase = "relaxation"
        crew.run([partial(p.relax, crew) for p in pieces], lambda n, _: None)
        clusters = [p for p in pieces if isinstance(p, Cluster)]
        for c in clusters:
            c.open_cells()
            crew.run([partial(p.relax, crew) for p in c.pieces], lambda n, _: None)
            c.merge()
        crew.phase = "whole numbers"
        effort = FIRST_EFFORT
        rng = random.Random(seed)
        while not crew.over:
            still = [p for p in pieces if not p.closed]
            if not still:
                break
            plain = [p for p in still if isinstance(p, Piece)]
            crew.run([partial(p.improve, crew, effort, seed) for p in plain], lambda n, _: None)
            for c in clusters:
                _advance(c, crew, rng, effort, seed)
            effort *= 2
        chosen = [part[p.chosen] for part, p in zip(parts, pieces, strict=True)]
        bound = sum(p.bound for p in pieces)
        return _plan(
            instance, columns, np.concatenate([*chosen, np.zeros(0, dtype=np.int64)]), bound, crew.spent
        )


def _advance(cluster: Cluster, crew: Crew, rng: random.Random, effort: float, seed: int) -> None:
    """One round: cells in whole numbers (for the bound), regions (for the value), then new prices."""
    todo = [p for p in cluster.pieces if not p.closed]
    crew.run([partial(p.improve, crew, effort, seed) for p in todo], lambda n, _: None)
    cluster.merge()
    for _ in range(4):
        gain = cluster.search(crew, rng, effort, 2 * len(cluster.pieces), seed)
        if crew.over or gain < 2e-4 * cluster.value:
            break
    if not crew.over and all(p.closed or p.tries > 1 for p in cluster.pieces) and cluster.reprice():
        cluster.open_cells()
        crew.run([partial(p.relax, crew) for p in cluster.pieces], lambda n, _: None)


def _plan(instance: Instance, columns: Columns, chosen: Ints, bound: int, seconds: float) -> Plan:
    assignments, rejected = [], []
    possible = set(columns.request.tolist())
    place = {int(columns.request[c]): int(c) for c in chosen}
    value = 0
    for n, request in enumerate(instance.requests):
        column = place.get(n)
        if column is not None:
            name = instance.instruments[int(columns.instrument[column])].id
            start, work = int(columns.start[column]), int(columns.work[column])
            assignments.append(Assignment(request.id, name, start, work))
            value += int(columns.value[column])
        else:
            code = "displaced" if n in possible else "no_free_start"
            rejected.append(Rejection(request.id, ({"code": code},)))
    status = "optimal" if value == bound else "feasible"
    return Plan(status, value, max(bound, value), seconds, tuple(assignments), tuple(rejected))
