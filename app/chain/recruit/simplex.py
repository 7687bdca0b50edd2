"""The linear program kept warm: after a candidate is fixed or a line is added, GLOP goes on from where it stood."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from app.chain.recruit.program import Program


class Simplex:
    """The rows of a program in GLOP; candidates are fixed and freed by their place."""

    def __init__(self, program: Program) -> None:
        pywraplp: Any = import_module("ortools.linear_solver.pywraplp")  # a module without types

        self.program = program
        self.solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        many, none = len(program.free), self.solver.infinity()
        self.x: list[Any] = [self.solver.NumVar(0.0, 1.0, "") for _ in program.free]
        self.y: list[Any] = [self.solver.NumVar(-none, none, "") for _ in program.open]
        goal = self.solver.Objective()
        for one, weight in zip([*self.x, *self.y], program.objective, strict=True):
            goal.SetCoefficient(one, -weight)
        goal.SetMaximization()
        self.goal, self.rows = goal, [self.solver.Constraint(-none, right) for right in program.right]
        self.many = many
        both = [*self.x, *self.y]
        for row, column, value in zip(program.rows, program.cols, program.values, strict=True):
            self.rows[row].SetCoefficient(both[column], value)
        self.entries = len(program.rows)
        self.options = pywraplp.MPSolverParameters()
        for name, value in (
            (self.options.INCREMENTALITY, self.options.INCREMENTALITY_ON),
            (self.options.PRESOLVE, self.options.PRESOLVE_OFF),
            (self.options.LP_ALGORITHM, self.options.DUAL),
        ):
            self.options.SetIntegerParam(name, value)
        self.done: int = pywraplp.Solver.OPTIMAL

    def catch_up(self) -> None:
        """Take over the lines that the program got since."""
        program, none = self.program, self.solver.infinity()
        self.rows += [self.solver.Constraint(-none, right) for right in program.right[len(self.rows) :]]
        both = [*self.x, *self.y]
        for place in range(self.entries, len(program.rows)):
            self.rows[program.rows[place]].SetCoefficient(both[program.cols[place]], program.values[place])
        self.entries = len(program.rows)

    def fix(self, place: int, low: float, high: float) -> None:
        self.x[place].SetBounds(low, high)

    def pay(self, place: int, more: float) -> None:
        """Let this candidate be worth so much more than it is."""
        self.goal.SetCoefficient(self.x[place], more - self.program.objective[place])

    def solve(self) -> float | None:
        """The value, or None where there is none (or GLOP loses its way even from the start)."""
        if self.solver.Solve(self.options) != self.done and not self._afresh():
            return None
        messages: Any = import_module("ortools.linear_solver.linear_solver_pb2")
        answer = messages.MPSolutionResponse()
        self.solver.FillSolutionResponseProto(answer)
        self.answer: Any = answer
        return float(self.goal.Value())

    def _afresh(self) -> bool:
        options = self.options
        options.SetIntegerParam(options.INCREMENTALITY, options.INCREMENTALITY_OFF)
        status = self.solver.Solve(options)
        options.SetIntegerParam(options.INCREMENTALITY, options.INCREMENTALITY_ON)
        return bool(status == self.done or self.solver.Solve() == self.done)

    def shares(self) -> np.ndarray:
        """How much of each candidate comes, by place."""
        return np.array(self.answer.variable_value)[: self.many]

    def minima(self) -> np.ndarray:
        """The minima as the relaxation sees them, by the number of the open segment."""
        return np.array(self.answer.variable_value)[self.many :]

    def duals(self) -> np.ndarray:
        """The multipliers of the rows."""
        return np.array(self.answer.dual_value)
