"""Hands a model to the solvers of OR-Tools as arrays: the relaxation to GLOP or PDLP, the whole numbers to CP-SAT."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.sharing.planning.engine.places import Ints
from app.sharing.planning.engine.rows import Rows

if TYPE_CHECKING:
    from ortools.linear_solver.python import model_builder_helper as native


@dataclass(frozen=True)
class Relaxed:
    """Solution of the relaxation; `prices` are the duals of the rows, never negative."""

    share: Ints
    prices: Ints


@dataclass(frozen=True)
class Chosen:
    """Answer in whole numbers: positions of the chosen columns (None: none found) and a proven bound.

    `impossible` is the proof that no choice keeps the rows, those of `must` included.
    """

    columns: Ints | None
    bound: int
    impossible: bool = False


class Stop:
    """A switch that ends every solver call under way, at once."""

    def __init__(self) -> None:
        self._running: set[native.ModelSolverHelper] = set()
        self._lock = threading.Lock()
        self.pulled = False

    def pull(self) -> None:
        """End what runs; whatever starts later ends immediately."""
        with self._lock:
            self.pulled = True
            running = list(self._running)
        for solver in running:
            solver.interrupt_solve()

    def run(self, solver: native.ModelSolverHelper, helper: native.ModelBuilderHelper) -> None:
        """Solve under this switch."""
        with self._lock:
            if self.pulled:
                return
            self._running.add(solver)
        try:
            solver.solve(helper)
        finally:
            with self._lock:
                self._running.discard(solver)


def _model(rows: Rows, worth: Ints, high: float, must: Ints | None = None) -> native.ModelBuilderHelper:
    from ortools.linear_solver.python import model_builder_helper as native

    helper = native.ModelBuilderHelper()
    count = len(worth)
    low = np.full(len(rows.most), -np.inf)
    if must is not None:
        low[: rows.requests][must] = 1.0
    fill: Any = helper.fill_model_from_sparse_data  # its stub asks for arrays that numpy does not know
    fill(
        np.zeros(count), np.full(count, high), worth.astype(float), low, rows.most.astype(float), rows.matrix
    )
    helper.set_maximize(True)
    return helper


def relax(
    rows: Rows, worth: Ints, *, seconds: float, stop: Stop | None = None, near: float | None = None
) -> Relaxed | None:
    """Solve the linear relaxation; None when the time did not suffice.

    With `near` only to this relative accuracy, by a first-order method (PDLP): many times quicker on large models, and
    prices need not be exact to prove something; what it has when time is up is an answer, too.
    """
    from ortools.linear_solver.python import model_builder_helper as native

    solver = native.ModelSolverHelper("glop" if near is None else "pdlp")
    solver.set_time_limit_in_seconds(max(0.01, seconds))
    if near is not None:
        accuracy = f"eps_optimal_absolute:{near:.1e} eps_optimal_relative:{near:.1e}"
        solver.set_solver_specific_parameters(
            f"num_threads:1 termination_criteria {{ simple_optimality_criteria {{ {accuracy} }} }}"
        )
    (stop or Stop()).run(solver, _model(rows, worth, np.inf))
    if not solver.has_response() or (near is None and solver.status() != native.SolveStatus.OPTIMAL):
        return None
    share, prices = (np.asarray(found) for found in (solver.variable_values(), solver.dual_values()))
    if len(share) != len(worth) or len(prices) != len(rows.most):
        return None
    return Relaxed(share, np.maximum(prices, 0.0))


def choose(  # noqa: PLR0913 - the limits of a solver, by name
    rows: Rows,
    worth: Ints,
    *,
    seconds: float,
    effort: float,
    seed: int,
    hint: Ints | None = None,
    must: Ints | None = None,
    stop: Stop | None = None,
    more: str = "",
) -> Chosen | None:
    """Choose columns of the highest sum of `worth` (whole numbers) within the rows.

    Parameters
    ----------
    seconds, effort : float
        Wall clock and deterministic limit; only the second leaves the answer reproducible.
    hint : positions of columns to start from.
    must : positions of request rows that have to be served.

    Returns
    -------
    Chosen or None
        None when nothing was found or proven in the time.
    """
    from ortools.linear_solver.python import model_builder_helper as native

    helper = _model(rows, worth, 1.0, must)
    for n in range(len(worth)):
        helper.set_var_integrality(n, True)
    if hint is not None:
        started = np.zeros(len(worth))
        started[hint] = 1.0
        for n in range(len(worth)):
            helper.add_hint(n, started[n])
    solver = native.ModelSolverHelper("sat")
    solver.set_time_limit_in_seconds(max(0.01, seconds))
    solver.set_solver_specific_parameters(
        f"num_workers:1,linearization_level:2,random_seed:{seed},max_deterministic_time:{effort:.6f}"
        ",mip_max_activity_exponent:60,mip_var_scaling:1,mip_wanted_precision:1e-6" + more
    )
    (stop or Stop()).run(solver, helper)
    if not solver.has_response():
        return None
    if solver.status() == native.SolveStatus.INFEASIBLE:
        return Chosen(None, 0, impossible=True)
    if (
        solver.status() not in (native.SolveStatus.OPTIMAL, native.SolveStatus.FEASIBLE)
        or not solver.has_solution()
    ):
        return None
    picked = np.flatnonzero(np.asarray(solver.variable_values()) > 0.5)
    if solver.status() == native.SolveStatus.OPTIMAL:
        return Chosen(picked, int(worth[picked].sum()))
    return Chosen(picked, int(np.floor(solver.best_objective_bound() + 1e-3)))
