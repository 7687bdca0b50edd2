"""The last few open candidates of a branch, tried out one by one, ties included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from app.chain.recruit.bounds import ONE, Bound
from app.chain.recruit.rules import Key, Model, Standing


class Leaves:
    """Depth first over the candidates in the order of their weight; `best` is the best choice so far."""

    def __init__(self, model: Model, before: Mapping[int, Sequence[int]], slots: int, best: Key) -> None:
        self.model, self.before, self.slots, self.best = model, before, slots, best

    def settle(self, inside: Sequence[int], left: Bound, rest: Sequence[int], limit: int, tries: int) -> bool:
        """Look at every choice of `inside` and at most `limit` of `rest`; False when `tries` did not do."""
        costs = self.model.costs
        self.order = sorted(rest, key=lambda c: (-left.weights[c], costs[c], c))
        self.weights = [left.weights[c] for c in self.order]
        self.sums = [0, *accumulate(max(0, weight) for weight in self.weights)]
        self.standing = Standing(self.model, inside)
        self.now = list(inside)
        self.inside = set(inside)
        self.groups = {self.model.groups[c] for c in inside} - {""}
        self.known = self.inside | set(self.order)
        self.value = sum(map(min, self.standing.a, self.standing.b))
        self.tries = tries
        return self._go(0, self.model.cost(inside), left.base, limit)

    def _most(self, place: int, slots: int) -> int:
        return self.sums[min(len(self.order), place + slots)] - self.sums[place]

    def _hopeless(self, place: int, cost: int, base: int, slots: int) -> bool:
        """Whether no choice below can come before the best: by worth, number, cost, then list of codes."""
        worth, firms = -self.best[0], self.best[1]
        reach = (base + self._most(place, slots)) // ONE
        if reach != worth:
            return reach < worth
        slots = min(slots, firms - len(self.now))
        if slots < 0 or (base + self._most(place, slots)) // ONE < worth:
            return True
        if slots and (base + self._most(place, slots - 1)) // ONE >= worth:
            return False
        open_ = self.order[place:]
        if len(open_) < slots:
            return True
        cheapest = cost + sum(sorted(self.model.costs[c] for c in open_)[:slots])
        if cheapest != self.best[2]:
            return cheapest > self.best[2]
        return tuple(sorted([*self.now, *sorted(open_)[:slots]])) >= self.best[3]

    def _go(self, place: int, cost: int, base: int, slots: int) -> bool:
        self.tries -= 1
        if self.tries < 0:
            return False
        mine = (-self.value, len(self.now), cost, tuple(sorted(self.now)))
        self.best = min(self.best, mine)
        if place == len(self.order) or slots <= 0 or self._hopeless(place, cost, base, slots):
            return True
        c = self.order[place]
        if self._may(c, cost) and not self._with(c, place, cost, base, slots):
            return False
        return self._go(place + 1, cost, base, slots)

    def _may(self, c: int, cost: int) -> bool:
        model = self.model
        fits = model.budget is None or cost + model.costs[c] <= model.budget
        return fits and model.groups[c] not in self.groups and self.inside.issuperset(self.before.get(c, ()))

    def _with(self, c: int, place: int, cost: int, base: int, slots: int) -> bool:
        gain, group = self.standing.gain(c), self.model.groups[c]
        self.standing.add(c)
        self.value += gain
        self.now.append(c)
        self.inside.add(c)
        if group:
            self.groups.add(group)
        done = self._go(place + 1, cost + self.model.costs[c], base + self.weights[place], slots - 1)
        self.standing.add(c, -1)
        self.value -= gain
        self.now.pop()
        self.inside.discard(c)
        self.groups.discard(group)
        return done
