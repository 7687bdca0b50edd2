"""The optimiser: from wishes to a plan with a proven bound, better the longer it may think."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from app.sharing.scheduling.model import Assignment, Instance, Plan, Progress, Rejection
from app.sharing.scheduling.models import choose, relax
from app.sharing.scheduling.placing import Columns, Ints, placements
from app.sharing.scheduling.rows import binding_owners, components, rows, with_owners
from app.sharing.scheduling.timetable import Timetable


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
    began = time.perf_counter()
    columns = placements(instance)
    cap = instance.max_slots_per_enterprise
    columns = with_owners(columns, binding_owners(columns, cap))
    table = Timetable(columns, cap)
    bounds: list[int] = []
    parts = components(columns)

    def one(part: Ints) -> tuple[Ints, int]:
        mine = columns.take(part)
        model = rows(mine, cap)
        left = seconds - (time.perf_counter() - began)
        found = relax(model, mine.value, seconds=left)
        bound = int(np.floor((found.prices * model.most).sum() + 1e-3)) if found else int(mine.value.sum())
        local = Timetable(mine, cap)
        local.fill(np.argsort(-mine.value, kind="stable").tolist())
        left = seconds - (time.perf_counter() - began)
        best = choose(model, mine.value, seconds=left, effort=1e6, seed=seed, hint=local.chosen())
        if best is None or best.value < local.value:
            return part[local.chosen()], min(bound, best.bound if best else bound)
        return part[best.columns], min(bound, best.bound)

    with ThreadPoolExecutor(workers) as pool:
        for chosen, bound in pool.map(one, parts):
            for column in chosen.tolist():
                table.add(column)
            bounds.append(bound)
    return _plan(instance, columns, table, sum(bounds), time.perf_counter() - began)


def _plan(instance: Instance, columns: Columns, table: Timetable, bound: int, seconds: float) -> Plan:
    assignments, rejected = [], []
    possible = set(columns.request.tolist())
    for n, request in enumerate(instance.requests):
        column = table.place.get(n)
        if column is not None:
            name = instance.instruments[int(columns.instrument[column])].id
            start, work = int(columns.start[column]), int(columns.work[column])
            assignments.append(Assignment(request.id, name, start, work))
        else:
            code = "displaced" if n in possible else "no_free_start"
            rejected.append(Rejection(request.id, ({"code": code},)))
    value = int(table.value)
    status = "optimal" if value == bound else "feasible"
    return Plan(status, value, max(bound, value), seconds, tuple(assignments), tuple(rejected))
