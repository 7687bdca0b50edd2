"""The linear program behind bounds and proposals, in floating point: it proposes, whole numbers decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from app.chain.recruit.quiet import quiet
from app.chain.recruit.rules import Column, Model, Standing

LONGEST = 1e6  # seconds; the solver takes no infinity


@dataclass(slots=True)
class Program:
    """Maximise Σ shares · direct + Σ y_k with y_k ≤ both sides of each open segment, number, budget and groups."""

    free: list[int]
    open: dict[int, int]
    size: float
    dear: int
    objective: list[float]
    rows: list[int] = field(default_factory=list)
    cols: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    budget_row: int | None = None

    def below(
        self, segments: Sequence[int], places: Sequence[int], values: Sequence[float], base: float
    ) -> int:
        """One more line above the y_k of these segments together; the number of its row."""
        ends = [len(self.free) + self.open[k] for k in segments]
        self.limit([*places, *ends], [*(-v for v in values), *(1.0 for _k in ends)], base)
        return len(self.right) - 1

    def limit(self, places: Sequence[int], values: Sequence[float], most: float) -> None:
        self.rows += [len(self.right)] * len(places)
        self.cols += places
        self.values += values
        self.right.append(most)

    def room(self, point: Sequence[float]) -> list[float]:
        """How far below its limit each row stays at this point."""
        left = list(self.right)
        for row, column, value in zip(self.rows, self.cols, self.values, strict=True):
            left[row] -= value * point[column]
        return left

    def without(self, gone: set[int]) -> dict[int, int]:
        """Take these rows out; the new number of each that stays."""
        kept = [row for row in range(len(self.right)) if row not in gone]
        number = {row: n for n, row in enumerate(kept)}
        entries = [e for e in zip(self.rows, self.cols, self.values, strict=True) if e[0] in number]
        self.rows = [number[row] for row, _column, _value in entries]
        self.cols = [column for _row, column, _value in entries]
        self.values = [value for _row, _column, value in entries]
        self.right = [self.right[row] for row in kept]
        if self.budget_row is not None:
            self.budget_row = number[self.budget_row]
        return number


def build(
    model: Model,
    standing: Standing,
    columns: dict[int, Column],
    slots: int,
    sides: dict[int, int],
    rest: int | None,
) -> Program:
    """The program over the free candidates `columns`; `rest` is what is left of the budget, None when it cannot bind."""
    free = list(columns)
    open_ = {k: n for n, k in enumerate(sorted(k for k, side in sides.items() if side == 0))}
    size = max((abs(v) for column in columns.values() for _k, a, b in column for v in (a, b)), default=1) or 1
    dear = max((model.costs[c] for c in free), default=1) or 1
    n, m = len(free), len(open_)
    program = Program(free, open_, float(size), dear, [0.0] * n + [-1.0] * m)
    program.right = [standing.a[k] / size for k in open_] + [standing.b[k] / size for k in open_]
    for j, c in enumerate(free):
        for k, a, b in columns[c]:
            if k in open_:
                program.rows += [open_[k], open_[k] + m]
                program.cols += [j, j]
                program.values += [-a / size, -b / size]
            else:
                program.objective[j] -= (a if sides[k] > 0 else b) / size
    program.rows += list(range(2 * m))
    program.cols += [n + k for k in range(m)] * 2
    program.values += [1.0] * (2 * m)
    _limits(program, model, slots, rest)
    return program


def _limits(program: Program, model: Model, slots: int, rest: int | None) -> None:
    everybody = list(range(len(program.free)))
    if rest is not None:
        program.budget_row = len(program.right)
        program.limit(everybody, [model.costs[c] / program.dear for c in program.free], rest / program.dear)
    if slots < len(everybody):
        program.limit(everybody, [1.0] * len(everybody), float(slots))
    groups: dict[str, list[int]] = {}
    for j, c in enumerate(program.free):
        if model.groups[c]:
            groups.setdefault(model.groups[c], []).append(j)
    for members in groups.values():
        if len(members) > 1:
            program.limit(members, [1.0] * len(members), 1.0)


def relax(program: Program, seconds: float) -> tuple[np.ndarray, np.ndarray, float] | None:
    """Shares of the free candidates with the y_k behind them, multipliers of the rows and the value, or None when the solver gives up or has no time."""
    if seconds <= 0:
        return None
    n, m = len(program.free), len(program.open)
    shape = (len(program.right), n + m)
    matrix = csr_array((program.values, (program.rows, program.cols)), shape=shape)
    box = np.array([(0.0, 1.0)] * n + [(-np.inf, np.inf)] * m)
    with quiet():
        answer = linprog(
            np.array(program.objective),
            A_ub=matrix,
            b_ub=np.array(program.right),
            bounds=box,
            method="highs",
            options={"time_limit": min(seconds, LONGEST)},
        )
    return (answer.x, -answer.ineqlin.marginals, -float(answer.fun)) if answer.status == 0 else None


def propose(program: Program, seconds: float) -> tuple[list[int], float | None]:
    """A good choice of the free candidates by mixed integer programming, and its bound; None: it has none."""
    if seconds <= 0:
        return [], None
    n, m = len(program.free), len(program.open)
    matrix = csr_array((program.values, (program.rows, program.cols)), shape=(len(program.right), n + m))
    with quiet():
        answer = milp(
            np.array(program.objective),
            constraints=LinearConstraint(matrix, -np.inf, np.array(program.right)),
            integrality=np.array([1] * n + [0] * m),
            bounds=Bounds(np.array([0.0] * n + [-np.inf] * m), np.array([1.0] * n + [np.inf] * m)),
            options={"mip_rel_gap": 0.0, "time_limit": min(seconds, LONGEST)},
        )
    below = answer.get("mip_dual_bound")
    most = None if below is None or not np.isfinite(below) else -float(below)
    chosen = [] if answer.x is None else [c for j, c in enumerate(program.free) if answer.x[j] > 0.5]
    return chosen, most
