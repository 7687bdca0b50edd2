"""Parts too large for one model: forced onto tiny instances, where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from app.sharing.planning.engine import cluster, search, solver
from app.sharing.planning.engine.checker import check
from app.sharing.planning.engine.solver import solve

from .tiny import best_value, tiny


@pytest.mark.parametrize("block", range(4))
def test_the_bound_of_cells_is_never_below_the_optimum(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every part is cut into cells of a few columns: the plan keeps the rules, the bound holds, also with caps."""
    monkeypatch.setattr(solver, "PIECE_COLUMNS", 3)
    monkeypatch.setattr(cluster, "CELL", 8)
    monkeypatch.setattr(search, "REGION", 12)
    reached = 0
    for seed in range(50 * block, 50 * block + 50):
        instance = tiny(seed)
        plan = solve(instance, seconds=20, workers=1, rounds=3)
        best = best_value(instance)
        assert check(instance, plan) == [], seed
        assert plan.value <= best <= plan.bound, seed
        reached += plan.value == best
    assert reached >= 42


def test_sifting_bounds_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The relaxation of few columns, lifted to all, with caps and without: still no plan is worth more."""
    from app.sharing.planning.engine import prices as prices_module
    from app.sharing.planning.engine.crew import Crew
    from app.sharing.planning.engine.places import placements
    from app.sharing.planning.engine.prices import prices
    from app.sharing.planning.engine.rows import binding_owners, with_owners

    for name in ("WHOLE", "ALWAYS_WHOLE"):
        monkeypatch.setattr(prices_module, name, 0)
    for name in ("FEW", "ADDED"):
        monkeypatch.setattr(prices_module, name, 1)
    for seed in range(100):
        instance = tiny(seed)
        cap, columns = instance.max_slots_per_enterprise, placements(instance)
        if not len(columns):
            continue
        columns = with_owners(columns, binding_owners(columns, cap))
        caps = None if cap is None else np.full(3, cap)
        with Crew(20, 1) as crew:
            found = prices(columns, caps, crew)
        assert found is not None and found.prices.bound >= best_value(instance) - 1e-6, seed


def test_a_piece_that_is_not_proven_is_searched_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """With next to no effort for the single model, regions find the optimum and the bound holds."""
    monkeypatch.setattr(solver, "HARD_COLUMNS", 3)
    monkeypatch.setattr(solver, "FIRST_EFFORT", 1e-6)
    monkeypatch.setattr(cluster, "CELL", 8)
    monkeypatch.setattr(search, "REGION", 12)
    for seed in range(60):
        instance = tiny(seed)
        plan = solve(instance, seconds=20, workers=1, rounds=3)
        assert check(instance, plan) == [], seed
        assert plan.value <= best_value(instance) <= plan.bound, seed
