"""Parts with too many placements to hold: forced onto tiny instances, where the truth is known."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from app.sharing.planning.engine import broad, prices, search, solver
from app.sharing.planning.engine.checker import check
from app.sharing.planning.engine.model import Instance, Plan
from app.sharing.planning.engine.places import Columns, places
from app.sharing.planning.engine.queue import Board, first_come, in_order
from app.sharing.planning.engine.solver import solve

from .tiny import best_value, tiny


def small_limits(monkeypatch: pytest.MonkeyPatch, pool: int) -> None:
    """A few columns at a time, of which a pool of few is searched."""
    for name in ("FEW_COLUMNS", "HELD_COLUMNS"):
        monkeypatch.setattr(solver, name, 3)
    monkeypatch.setattr(broad, "POOL", pool)
    monkeypatch.setattr(broad, "LEAST_EACH", 1)
    monkeypatch.setattr(search, "REGION", 12)
    for name in ("FEW", "ADDED"):
        monkeypatch.setattr(prices, name, 1)


@pytest.mark.parametrize("block", range(10))
def test_bound_rules_and_floor(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 instances: the optimum lies between value and bound, and nobody's patient queue is worth more than the plan."""
    small_limits(monkeypatch, pool=4)
    near = 0
    for seed in range(50 * block, 50 * block + 50):
        instance = tiny(seed)
        plan = solve(instance, seconds=20, workers=1, rounds=1)
        best = best_value(instance)
        assert check(instance, plan) == [], seed
        assert max(q.value for q in queues_of(instance)) <= plan.value <= best <= plan.bound, seed
        near += plan.value >= 0.95 * best
    assert near >= 40


def test_with_every_place_in_the_pool_the_optimum_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    small_limits(monkeypatch, pool=1000)
    for seed in range(60):
        instance = tiny(seed)
        plan = solve(instance, seconds=20, workers=1, rounds=3)
        assert plan.value == best_value(instance) <= plan.bound, seed


@pytest.mark.parametrize("seed", range(30))
def test_never_below_a_patient_queue_without_any_time(seed: int) -> None:
    instance = tiny(1000 + seed)
    plan = solve(instance, seconds=20, workers=1, rounds=0)
    assert max(q.value for q in queues_of(instance)) <= plan.value <= best_value(instance) <= plan.bound


def test_same_rounds_same_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of workers changes nothing."""
    small_limits(monkeypatch, pool=8)
    for seed in range(20):
        one, two = (solve(tiny(seed), seconds=60, workers=n, seed=3, rounds=1) for n in (1, 2))
        assert (one.assignments, one.bound) == (two.assignments, two.bound), seed


def queues_of(instance: Instance) -> list[Plan]:
    """What patient queues get: as asked, by priority, and by priority and length."""
    wishes = instance.requests
    by_density = sorted(wishes, key=lambda r: -r.priority)
    long_first = sorted(wishes, key=lambda r: (-r.priority, -r.duration_slots))
    return [first_come(instance), in_order(instance, by_density), in_order(instance, long_first)]


def test_fairness_weighs_what_is_not_held_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """The weighted plan of the pool route is that of the exact route: worth the same under the weights."""
    from app.sharing.planning.engine.fairness import weights

    small = [tiny(seed) for seed in range(2000, 2040)]

    def weighed(instance: Instance) -> int:
        plan = solve(instance, seconds=20, workers=1, rounds=3, fair_weight=1.0)
        weight = dict(zip((r.id for r in instance.requests), weights(instance, 1.0), strict=True))
        columns = places(instance).columns()
        at = {
            (instance.requests[r].id, instance.instruments[i].id, s): v
            for r, i, s, v in zip(
                columns.request, columns.instrument, columns.start, columns.value, strict=True
            )
        }
        assert best_value(instance) <= plan.bound
        return sum(
            int(at[a.request, a.instrument, a.start_slot]) * weight[a.request] for a in plan.assignments
        )

    exact = [weighed(instance) for instance in small]
    small_limits(monkeypatch, pool=1000)
    assert [weighed(instance) for instance in small] == exact


def test_chunks_are_the_columns_in_order() -> None:
    for seed in range(100):
        found = places(tiny(seed))
        if not len(found):
            continue
        whole = found.columns()
        pieces = list(found.chunks(most=5))
        for name in sorted(set(Columns.__dataclass_fields__) - {"quotas"}):
            together = np.concatenate([getattr(piece, name) for piece in pieces])
            assert together.tolist() == getattr(whole, name).tolist(), seed


def test_the_best_free_place_is_the_best_of_all_free_places() -> None:
    """On boards that fill up; with a wanted start before, inside and behind the windows."""
    rng = random.Random(7)
    for seed in range(300):
        instance = tiny(seed)
        board = Board(instance)
        for wish in instance.requests:
            request = replace(wish, preferred_slot=rng.choice([None, 0, instance.slots]))
            free = board.places(request)
            best = max(free, key=lambda place: (place[0], -place[1], -place[2]), default=None)
            assert board.best(request) == best, seed
            if best:
                board.occupy(request, best[2], best[1], best[3])
