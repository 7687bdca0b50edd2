"""Time, stop, progress, determinism, and an oracle of middle size."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from app.sharing.planning.engine.checker import check
from app.sharing.planning.engine.fairness import shares
from app.sharing.planning.engine.model import Instance, Progress
from app.sharing.planning.engine.queue import first_come
from app.sharing.planning.engine.solver import solve
from benchmarks.optimiser.parks import park


def oracle(instance: Instance) -> int:
    """The optimum by another solver (HiGHS), over one row per instrument and slot instead of cliques."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import lil_matrix

    from app.sharing.planning.engine.places import placements

    c = placements(instance)
    requests, instruments = len(instance.requests), len(instance.instruments)
    rows = lil_matrix((requests + instruments * instance.slots, len(c)))
    for n in range(len(c)):
        rows[int(c.request[n]), n] = 1
        base = requests + int(c.instrument[n]) * instance.slots
        for slot in range(int(c.start[n]), int(c.end[n])):
            rows[base + slot, n] = 1
    answer = milp(
        -c.value.astype(float),
        constraints=LinearConstraint(rows.tocsr(), -np.inf, 1),
        integrality=np.ones(len(c)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    return round(-answer.fun)


@pytest.mark.parametrize("seed", range(4))
def test_equals_the_oracle_on_middle_sizes(seed: int) -> None:
    instance = park(40, 6, seed=seed, giant=seed % 2 == 1)
    plan = solve(instance, seconds=60)
    assert plan.status == "optimal"
    assert plan.value == oracle(instance)
    assert check(instance, plan) == []


def test_same_rounds_same_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells, regions and prices included; the number of workers and the load change nothing."""
    from app.sharing.planning.engine import cluster, search, solver

    monkeypatch.setattr(solver, "PIECE_COLUMNS", 1000)
    monkeypatch.setattr(solver, "FIRST_EFFORT", 0.1)
    monkeypatch.setattr(cluster, "CELL", 1500)
    monkeypatch.setattr(search, "REGION", 1500)
    instance = park(80, 10, seed=5, giant=True)
    one = solve(instance, seconds=300, workers=1, seed=3, rounds=1)
    two = solve(instance, seconds=300, workers=2, seed=3, rounds=1)
    assert (one.assignments, one.value, one.bound) == (two.assignments, two.value, two.bound)


def test_stop_keeps_the_best_plan() -> None:
    instance = park(500, 50, giant=True)
    seen: list[Progress] = []
    began = time.perf_counter()
    plan = solve(
        instance, seconds=120, on_progress=seen.append, should_stop=lambda: time.perf_counter() - began > 1.5
    )
    assert plan.notes["ended_by"] in ("stop", "proof")
    assert time.perf_counter() - began < 30
    assert check(instance, plan) == []
    assert plan.value >= 0.9 * first_come(instance).value
    assert seen and all(p.bound is None or p.bound >= p.value for p in seen)


def test_almost_no_time_still_gives_a_plan_and_a_bound() -> None:
    instance = park(300, 30)
    plan = solve(instance, seconds=0.1)
    assert check(instance, plan) == []
    assert 0 < plan.value <= plan.bound
    assert plan.status == "feasible" and plan.notes["ended_by"] == "clock"


def test_fair_shares() -> None:
    """One lab day, a firm that asks four times and one that asks once: with full fairness the small one is served."""
    from app.sharing.planning.engine.model import Instrument, Request

    big = tuple(Request(f"B{n}", "big", 4, ((0, 8),), ("I",), 3) for n in range(4))
    small = Request("S", "small", 4, ((0, 8),), ("I",), 2)
    instance = Instance(60, 8, (Instrument("I", ((0, 8),)),), (*big, small))
    assert {a.request[0] for a in solve(instance, seconds=10).assignments} == {"B"}
    fair = solve(instance, seconds=10, fair_weight=1.0)
    assert {a.request[0] for a in fair.assignments} == {"B", "S"}
    assert check(instance, fair) == []
    assert fair.bound >= solve(instance, seconds=10).value
    assert [(s.enterprise, s.asked_slots, s.weight_ratio) for s in shares(instance, 1.0)] == [
        ("big", 16, 0.625),
        ("small", 4, 1.0),
    ]


def test_row_order_of_a_park() -> None:
    instance = park(40, 6)
    turned = replace(instance, requests=instance.requests[::-1], instruments=instance.instruments[::-1])
    assert solve(instance, seconds=60).value == solve(turned, seconds=60).value
