"""The whole question for CP-SAT, which reckons in 64-bit whole numbers: first the value, then number, cost and codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from app.chain.recruit.cuts import Aid
from app.chain.recruit.rules import Model, key, worth

ROOM = 2**60  # of any sum: CP-SAT refuses what might leave 64 bits
LONGEST = 1e6


@dataclass(frozen=True, slots=True)
class Settled:
    """The best choice found (nobody: no answer), a worth none exceeds (None: unknown), all ties settled or not."""

    chosen: tuple[int, ...] = ()
    bound: int | None = None
    proven: bool = False


class Integers:
    """One question of at most `slots` firms; `after` holds who only comes when another one does."""

    def __init__(
        self, model: Model, slots: int, never: Iterable[int], before: dict[int, tuple[int, ...]]
    ) -> None:
        from ortools.sat.python import cp_model

        self.model, self.slots, self.library = model, slots, cp_model
        self.program: Any = cp_model.CpModel()
        self.left: Callable[[], float] = lambda: inf
        self.x: list[Any] = [self.program.new_bool_var("") for _ in model.codes]
        for c in model.musts:
            self.program.add(self.x[c] == 1)
        for c in never:
            self.program.add(self.x[c] == 0)
        for c, sooner in before.items():
            for other in sooner:
                self.program.add_implication(self.x[c], self.x[other])
        self._limits()
        self.y: dict[int, Any] = {}
        self._segments()
        total = sum(model.costs) if model.budget is None else min(sum(model.costs), model.budget)
        self.dear = total + 1
        self.bill = sum((self.dear + cost) * one for cost, one in zip(model.costs, self.x, strict=True))
        self.total = sum(self.y.values()) + self.fixed

    def hold(self, inside: Iterable[int]) -> None:
        """These are known to belong to every choice that can still be the best."""
        for c in inside:
            self.program.add(self.x[c] == 1)

    @staticmethod
    def fits(model: Model, slots: int) -> bool:
        """Whether no sum, however it comes about, leaves 64 bits."""
        reach = sum(map(abs, model.a0)) + sum(map(abs, model.b0))
        reach += sum(abs(a) + abs(b) for column in model.columns for _k, a, b in column)
        bill = (min(slots, len(model.codes)) + 1) * (sum(model.costs) + 1)
        return max(reach, bill, model.budget or 0) < ROOM

    def _limits(self) -> None:
        model, x = self.model, self.x
        if model.budget is not None:
            self.program.add(
                sum(cost * one for cost, one in zip(model.costs, x, strict=True)) <= model.budget
            )
        if self.slots < len(x):
            self.program.add(sum(x) <= self.slots)
        groups: dict[str, list[Any]] = {}
        for c, group in enumerate(model.groups):
            if group:
                groups.setdefault(group, []).append(x[c])
        for members in groups.values():
            self.program.add_at_most_one(members)

    def _segments(self) -> None:
        rows: dict[int, list[tuple[int, int, int]]] = {}
        for c, column in enumerate(self.model.columns):
            for k, a, b in column:
                rows.setdefault(k, []).append((c, a, b))
        self.fixed = sum(
            min(a, b)
            for k, (a, b) in enumerate(zip(self.model.a0, self.model.b0, strict=True))
            if k not in rows
        )
        for k, row in rows.items():
            sides = (
                (self.model.a0[k], [(c, a) for c, a, _b in row]),
                (self.model.b0[k], [(c, b) for c, _a, b in row]),
            )
            low = min(start + sum(min(0, v) for _c, v in parts) for start, parts in sides)
            high = min(start + sum(max(0, v) for _c, v in parts) for start, parts in sides)
            self.y[k] = self.program.new_int_var(low, high, "")
            for start, parts in sides:
                self.program.add(self.y[k] <= start + sum(v * self.x[c] for c, v in parts))

    def settle(self, aid: Aid, best: Sequence[int], seconds: float) -> Settled:
        """Whether any other choice is worth at least as much as `best`, which is allowed; of equals the first of all.

        A better one comes back without a word on its equals: it fixes more candidates, so that asking again with it
        is quicker. Asking for another choice instead of the best leaves little to do where `best` stands alone.
        """
        for cut in aid.cuts:
            if abs(cut.base) + sum(abs(v) for _c, v in cut.parts) < ROOM:
                whole = sum(self.y[k] for k in cut.segments)
                self.program.add(whole <= cut.base + sum(v * self.x[c] for c, v in cut.parts))
        end = aid.left() - seconds
        self.left = lambda: min(seconds, aid.left() - end) if aid.left() < inf else seconds
        top = worth(self.model, best)
        self.program.add(self.total >= top)
        self.program.add_bool_or(one.negated() if c in best else one for c, one in enumerate(self.x))
        self.program.maximize(self.total)
        solver, status = self._solve(self.left())
        if status == self.library.INFEASIBLE:
            return Settled(tuple(best), top, True)
        if status not in (self.library.OPTIMAL, self.library.FEASIBLE):
            return Settled()
        other = self._chosen(solver)
        if status != self.library.OPTIMAL:
            return Settled(other)
        if worth(self.model, other) > top:
            return Settled(other, worth(self.model, other))
        return self._fewest(tuple(best), other)

    def _fewest(self, *equals: tuple[int, ...]) -> Settled:
        """Of all that are worth as much as these two, the one with the fewest firms, then the lowest cost."""
        top = worth(self.model, equals[0])
        self.program.minimize(self.bill)
        solver, status = self._solve(self.left())
        if status in (self.library.OPTIMAL, self.library.FEASIBLE):
            equals = *equals, self._chosen(solver)
        first = min(equals, key=lambda one: key(self.model, one))
        if status != self.library.OPTIMAL:
            return Settled(first, top)
        self.program.add(self.bill <= sum(self.dear + self.model.costs[c] for c in first))
        return self._sorts_first(first)

    def _sorts_first(self, chosen: tuple[int, ...]) -> Settled:
        """Of equals in value, number and cost the one whose list sorts first.

        A list sorts before `chosen` when it holds some firm i that `chosen` lacks, and all of `chosen` below i. The
        least such i belongs to the first list of all, so what is fixed in one step stays fixed.
        """
        top = worth(self.model, chosen)
        while True:
            inside, place = set(chosen), max(chosen, default=0)
            steps = [(c, self.program.new_bool_var("")) for c in range(place) if c not in inside]
            if not steps:
                return Settled(chosen, top, True)
            self.program.add_exactly_one(step for _c, step in steps)
            for c, step in steps:
                self.program.add_implication(step, self.x[c])
                for other in chosen:
                    if other < c:
                        self.program.add_implication(step, self.x[other])
            self.program.minimize(sum(c * step for c, step in steps))
            solver, status = self._solve(self.left())
            if status == self.library.INFEASIBLE:
                return Settled(chosen, top, True)
            if status not in (self.library.OPTIMAL, self.library.FEASIBLE):
                return Settled(chosen, top)
            chosen = self._chosen(solver)
            if status != self.library.OPTIMAL:
                return Settled(chosen, top)

    def _solve(self, seconds: float) -> tuple[Any, int]:
        solver: Any = self.library.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.linearization_level = 2
        solver.parameters.max_time_in_seconds = max(0.01, min(seconds, LONGEST))
        return solver, solver.solve(self.program)

    def _chosen(self, solver: Any) -> tuple[int, ...]:
        return tuple(c for c, one in enumerate(self.x) if solver.boolean_value(one))
