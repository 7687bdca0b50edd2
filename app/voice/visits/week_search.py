"""Searches the week: priorities and acquaintance by a flow, buildings and ties by CP-SAT on what the flow leaves open."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.voice.visits.week_situation import Option, Situation

Slot = tuple[int, int]  # (specialist, day)

# A tie of several visits is one number of a positional system; larger ones make the relaxation blunt.
LARGEST_RANK = 250_000
# Work of the solver (its own deterministic measure) that a second buys: this, not the clock, should end a search.
WORK_A_SECOND = 0.5
SHARE_OF_MOVES = 0.9


@dataclass(frozen=True, slots=True)
class Found:
    """The chosen options, the proven least number of moves, and whether the ties are proven."""

    chosen: tuple[Option, ...]
    moves_bound: int
    ties_exact: bool


@dataclass(frozen=True, slots=True)
class Open:
    """What is left open when priority and acquaintance are as good as they can be.

    Every plan of that quality takes its options from `options`, among them all of `forced` (positions in `options`),
    places all wishes of `placed`, and fills all slots of `full`; every such plan has that quality. `start` is one.
    """

    options: tuple[Option, ...]
    placed: frozenset[int]
    full: frozenset[Slot]
    forced: frozenset[int]
    start: frozenset[int]


def search(facts: Situation, seconds: float) -> Found:
    """The best plan that was found in `seconds`, with what is proven of it."""
    end = time.monotonic() + seconds
    if not facts.options:
        return Found((), 0, True)
    task = _Task(facts, narrowed(facts), seconds * WORK_A_SECOND)
    bound = task.least_moves(seconds * SHARE_OF_MOVES)
    exact = bound == task.moves and task.first_of_equals(end)
    return Found(tuple(task.open.options[n] for n in sorted(task.chosen)), bound, exact)


def narrowed(facts: Situation) -> Open:
    """Solve priority and acquaintance exactly, and keep of the options what some best plan can use.

    Both together are one flow of least cost (a unit from each wish to a slot). Potentials of the residual graph say
    which arcs every optimal flow leaves empty or fills (complementary slackness), so the two sums need no rows of
    their own in what follows. Exact in whole numbers.

    Source: R. Ahuja, T. Magnanti, J. Orlin, Network Flows (1993), section 9.4.
    """
    import numpy as np
    from ortools.graph.python import min_cost_flow

    wishes = len(facts.wishes)
    slots: dict[Slot, int] = {}
    for one in facts.options:
        slots.setdefault((one.specialist, one.day), wishes + len(slots))
    source = wishes + len(slots)
    sink = source + 1
    known = wishes + 1  # one more than all visits that can be known
    worth = [facts.wishes[one.wish].priority * known + one.known for one in facts.options]
    tails = [source] * wishes + [one.wish for one in facts.options]
    heads = [*range(wishes)] + [slots[one.specialist, one.day] for one in facts.options]
    caps = [1] * (wishes + len(facts.options))
    costs = [0] * wishes + [-value for value in worth]
    tails += [*slots.values(), source]
    heads += [sink] * (len(slots) + 1)
    # One unit more than wishes and room for another keep the bypass neither empty nor full: its price is zero.
    caps += [*(min(facts.capacity(slot), wishes) for slot in slots), wishes + 2]
    costs += [0] * (len(slots) + 1)
    flow: Any = min_cost_flow.SimpleMinCostFlow()
    arrays = [np.array(part, dtype=np.int64) for part in (tails, heads, caps, costs)]
    flow.add_arcs_with_capacity_and_unit_cost(*arrays)
    flow.set_nodes_supplies(np.array([source, sink]), np.array([wishes + 1, -wishes - 1]))
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("the flow around the bypass always exists")
    flows = np.array([flow.flow(n) for n in range(len(tails))], dtype=np.int64)
    reduced = _reduced_costs(arrays, flows, sink + 1)
    first, last = wishes, wishes + len(facts.options)
    empty = {slot for n, slot in enumerate(slots) if reduced[last + n] > 0}
    keep = [
        n
        for n, one in enumerate(facts.options)
        if reduced[first + n] <= 0 and reduced[one.wish] <= 0 and (one.specialist, one.day) not in empty
    ]
    return Open(
        tuple(facts.options[n] for n in keep),
        frozenset(n for n in range(wishes) if reduced[n] < 0),
        frozenset(slot for n, slot in enumerate(slots) if reduced[last + n] < 0),
        frozenset(place for place, n in enumerate(keep) if reduced[first + n] < 0),
        frozenset(place for place, n in enumerate(keep) if flows[first + n]),
    )


def _reduced_costs(arrays: Sequence[Any], flows: Any, nodes: int) -> Any:
    """Cost of each arc under potentials of the residual graph: above zero never used, below zero always full."""
    import numpy as np

    tails, heads, caps, costs = arrays
    free, used = flows < caps, flows > 0
    start = np.concatenate([tails[free], heads[used]])
    stop = np.concatenate([heads[free], tails[used]])
    cost = np.concatenate([costs[free], -costs[used]])
    distance = np.zeros(nodes, dtype=np.int64)
    for _ in range(nodes):  # Bellman and Ford; an optimal flow has no negative cycle
        nearer = distance.copy()
        np.minimum.at(nearer, stop, distance[start] + cost)
        if (nearer == distance).all():
            break
        distance = nearer
    return costs + distance[tails] - distance[heads]


class _Task:
    """The model of what is open, and the best plan so far (positions in the open options)."""

    def __init__(self, facts: Situation, left: Open, work: float) -> None:
        from ortools.sat.python import cp_model

        self.facts, self.open, self.chosen = facts, left, left.start
        self._work = work
        self._library: Any = cp_model
        self._model: Any = cp_model.CpModel()
        self._takes: list[Any] = [self._model.new_bool_var("") for _ in left.options]
        self._visits: list[tuple[frozenset[int], Any]] = []
        self._add_rows()

    def _groups(self, key: str) -> dict[Any, list[int]]:
        groups: dict[Any, list[int]] = {}
        for n, one in enumerate(self.open.options):
            slot = (one.specialist, one.day)
            building = (*slot, self.facts.wishes[one.wish].building)
            groups.setdefault({"wish": one.wish, "slot": slot, "building": building}[key], []).append(n)
        return groups

    def _add_rows(self) -> None:
        takes, model = self._takes, self._model
        for n in self.open.forced:
            model.add(takes[n] == 1)
        for wish, members in self._groups("wish").items():
            one_place = [takes[n] for n in members]
            (model.add_exactly_one if wish in self.open.placed else model.add_at_most_one)(one_place)
        for slot, members in self._groups("slot").items():
            capacity = self.facts.capacity(slot)
            total = sum(takes[n] for n in members)
            if slot in self.open.full:
                model.add(total == capacity)
            elif len(members) > capacity:
                model.add(total <= capacity)
        for (who, day, _building), members in self._groups("building").items():
            there = takes[members[0]]
            if len(members) > 1:
                there = model.new_bool_var("")
                for n in members:
                    model.add_implication(takes[n], there)
                capacity = self.facts.capacity((who, day))
                if len(members) > capacity:
                    model.add(sum(takes[n] for n in members) <= capacity * there)
            self._visits.append((frozenset(members), there))

    @property
    def moves(self) -> int:
        """Distinct buildings of every specialist and day of the best plan so far."""
        return sum(1 for members, _ in self._visits if members & self.chosen)

    def _all_moves(self) -> Any:
        return sum(there for _, there in self._visits)

    def _solve(self, objective: Any, seconds: float) -> tuple[bool, int]:
        """Minimise from the plan at hand; (proven, bound). The plan at hand never gets worse."""
        import numpy as np

        solver: Any = self._library.CpSolver()
        solver.parameters.num_workers = 1  # more would not be deterministic
        # The proof lives in the linear relaxation: all of its rows from the start, and many cuts.
        solver.parameters.linearization_level = 2
        solver.parameters.add_lp_constraints_lazily = False
        solver.parameters.max_num_cuts = 10_000
        solver.parameters.root_lp_iterations = 20_000
        solver.parameters.max_time_in_seconds = max(seconds, 0.05)
        solver.parameters.max_deterministic_time = max(self._work, 0.01)
        self._model.minimize(objective)
        self._model.clear_hints()
        for n, take in enumerate(self._takes):
            self._model.add_hint(take, n in self.chosen)
        for members, there in self._visits:
            if len(members) > 1:
                self._model.add_hint(there, bool(members & self.chosen))
        status = solver.solve(self._model)
        if status in (self._library.OPTIMAL, self._library.FEASIBLE):
            self.chosen = frozenset(n for n, take in enumerate(self._takes) if solver.value(take))
        bound = round(np.ceil(solver.best_objective_bound - 1e-6))
        self._work -= solver.response_proto.deterministic_time
        return status == self._library.OPTIMAL, bound

    def least_moves(self, seconds: float) -> int:
        """Minimise the moves; the proven least number."""
        proven, bound = self._solve(self._all_moves(), seconds)
        return self.moves if proven else max(min(bound, self.moves), 0)

    def first_of_equals(self, end: float) -> bool:
        """Go through the wishes by id and give each its first place that keeps the value; True if all were proven."""
        self._model.add(self._all_moves() <= self.moves)
        places = self._groups("wish")
        for block in blocks([(wish, len(places[wish])) for wish in sorted(places)]):
            if any(self._could_be_better(places[wish]) for wish in block):
                proven, _ = self._solve(self._rank(block, places), end - time.monotonic())
                if not proven:
                    return False
            for wish in block:
                for n in places[wish]:
                    self._model.add(self._takes[n] == int(n in self.chosen))
        return True

    def _could_be_better(self, members: Sequence[int]) -> bool:
        """Whether the wish is not already at its first place."""
        return members[0] not in self.chosen

    def _rank(self, block: Iterable[int], places: Mapping[int, Sequence[int]]) -> Any:
        """The places of the wishes of a block as one number, the first wish weighing most; left over comes last.

        The moves weigh more than all of them: fixed by a row already, they lead the relaxation to its proof.
        """
        total, weight = 0, 1
        for wish in reversed(list(block)):
            count = len(places[wish])
            total += sum(weight * (rank - count) * self._takes[n] for rank, n in enumerate(places[wish]))
            weight *= count + 1
        return total + weight * self._all_moves()


def blocks(sizes: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Wishes with so many places each, cut so that the ranks of a block are one number within bounds.

    >>> blocks([(0, 499), (1, 499), (2, 3), (3, 1)])
    [[0, 1], [2, 3]]
    """
    found: list[list[int]] = []
    product = LARGEST_RANK
    for wish, count in sizes:
        if product * (count + 1) > LARGEST_RANK:
            found.append([])
            product = 1
        found[-1].append(wish)
        product *= count + 1
    return found
