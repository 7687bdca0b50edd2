"""Branch and bound on a relaxation that is nearly whole: envelopes first, then one candidate after the other.

Floating point chooses the way; a branch is closed only where `certificate` proves in whole numbers that nothing below
reaches the best choice known. What cannot be closed so comes back for the search that settles ties.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np

from app.chain.recruit.bounds import ONE, tightened
from app.chain.recruit.certificate import PARTS, Certificate, Weights
from app.chain.recruit.cuts import Aid, Cut
from app.chain.recruit.envelopes import Envelopes
from app.chain.recruit.program import Program, build
from app.chain.recruit.rules import Model, Standing
from app.chain.recruit.simplex import Simplex

ROUNDS = 25  # of new lines at the root
ENOUGH = 0.02  # a round that closes less of the gap is the last of its kind
NEAR = 0.02  # of the gap: a line further above the relaxation is left out while branching
NOTHING = -(2**200)  # below every worth
HANDFUL = 16  # so few open candidates are settled elsewhere
WHOLE = 1e-6


@dataclass(frozen=True, slots=True)
class Branch:
    """Who is in, who may still come, and what `ONE` times the worth of a choice below cannot exceed."""

    inside: tuple[int, ...]
    free: tuple[int, ...]
    top: int


@dataclass(slots=True)
class _Node:
    fixed: dict[int, int] = field(default_factory=dict)  # place → 0 or 1
    top: int = 0
    came: tuple[int, int, float, float] | None = None  # place, way, how far it was moved, the value before


@dataclass(frozen=True, slots=True)
class _View:
    """Who is fixed, what bounds the branch, the relaxation, its proof, and whose part is open."""

    fixed: dict[int, int]
    top: int
    shares: np.ndarray
    weights: Weights
    left: list[int]


class Tree:
    """All choices that hold `inside` and at most `slots` of `free`.

    Parameters
    ----------
    before, after : mapping
        Who comes only when another one does, and the reverse.
    worth : callable
        The worth of the best choice known.
    offer : callable
        Told every choice met on the way.
    """

    def __init__(
        self,
        model: Model,
        inside: Sequence[int],
        free: Sequence[int],
        slots: int,
        order: tuple[Mapping[int, Sequence[int]], Mapping[int, Sequence[int]]],
        aid: Aid,
        worth: Callable[[], int],
        offer: Callable[[list[int]], None],
    ) -> None:
        self.model, self.inside, self.slots, self.aid = model, tuple(inside), slots, aid
        self.before, self.after = order
        self.worth, self.offer = worth, offer
        standing = Standing(model, inside)
        sides, columns = tightened(model, standing, free, slots)
        rest = None if model.budget is None else model.budget - model.cost(inside)
        priced = rest if rest is not None and sum(model.costs[c] for c in free) > rest else None
        self.program: Program = build(model, standing, columns, slots, sides, priced)
        self.proof = Certificate(model, self.program, standing, columns, sides, priced)
        self.place = self.proof.place
        self.falls: tuple[list[float], list[float]] = [1.0, 0.0], [1.0, 0.0]  # by way: the mean, of how many
        self.fall: dict[tuple[int, int], list[float]] = {}
        self.nodes = 0

    def able(self) -> bool:
        return bool(self.program.open) and self.proof.fits()

    def grow(self, most: int) -> list[Branch]:
        """What is left when all else is closed, or when time is over; no choice is worth more than `most`."""
        self._tighten()
        if not self.proof.fits():
            return [self._branch({}, most * PARTS)]
        self.proof.close()
        top = min(most * PARTS, self._thin())
        self.proof.close()
        stack: list[_Node] = [_Node(top=top)]
        open_: list[Branch] = []
        held: dict[int, int] = {}
        while stack:
            node = stack.pop()
            if self.aid.left() <= 0:
                open_.append(self._branch(node.fixed, node.top))
                continue
            if node.top // PARTS < self.worth():
                continue
            self._move(held, node.fixed)
            held = dict(node.fixed)
            stack += self._split(node, open_)
        return open_

    def _move(self, held: dict[int, int], fixed: dict[int, int]) -> None:
        for j in held.keys() - fixed.keys():
            self.simplex.fix(j, 0.0, 1.0)
        for j, way in fixed.items():
            if held.get(j) != way:
                self.simplex.fix(j, way, way)

    def _split(self, node: _Node, open_: list[Branch]) -> list[_Node]:
        """The branches below, the one to look at first last."""
        self.nodes += 1
        value = self.simplex.solve()
        if value is None:
            open_.append(self._branch(node.fixed, node.top))
            return []
        self._learn(node, value)
        view = self._view(node.fixed, node.top)
        if view is None:
            return []
        parted = [j for j in view.left if WHOLE < view.shares[j] < 1 - WHOLE]
        if self.nodes == 1 or not parted:
            self.offer([*self.inside, *(self.program.free[j] for j, x in enumerate(view.shares) if x > 0.5)])
        if not parted and len(view.left) > HANDFUL:
            whole = view.shares
            view = self._alone(view)
            if view is None:
                return []
            parted = [j for j in view.left if abs(view.shares[j] - whole[j]) > WHOLE]
        if len(view.left) <= HANDFUL:
            open_.append(self._branch(view.fixed, view.top))
            return []
        pick = self._pick(view, parted)
        first = 1 if view.shares[pick] > 0.5 else 0
        return [self._child(view, pick, way, value) for way in (1 - first, first)]

    def _pick(self, view: _View, parted: list[int]) -> int:
        if parted:
            return max(parted, key=lambda j: (self._promise(j, float(view.shares[j])), -j))
        return min(view.left, key=lambda j: (abs(int(view.weights.of[j])), j))

    def _view(self, fixed: dict[int, int], most: int) -> _View | None:
        """The relaxation as it was solved last; None where it proves that nothing below is as good as the best."""
        weights = self.proof.weights(self.simplex.duals())
        top, fixed = self._fix(weights, fixed)
        if top // PARTS < self.worth():
            return None
        shares = self.simplex.shares()
        left = [j for j in range(len(shares)) if j not in fixed]
        return _View(fixed, min(top, most), shares, weights, left)

    def _alone(self, view: _View) -> _View | None:
        """Where the relaxation is whole: multipliers that speak against every other choice as clearly as they can.

        A little is paid for leaving the choice, so that what stands against leaving it shows in the multipliers.
        """
        little = 8 * (abs(view.top - PARTS * self.worth()) / PARTS + 1) / self.program.size
        for j in view.left:
            self.simplex.pay(j, little if view.shares[j] < 0.5 else -little)
        found: _View | None = view
        if self.simplex.solve() is not None:
            found = self._view(view.fixed, view.top)
        for j in view.left:
            self.simplex.pay(j, 0.0)
        return found

    def _child(self, view: _View, pick: int, way: int, value: float) -> _Node:
        firm = self.program.free[pick]
        also = self.before.get(firm, ()) if way else self.after.get(firm, ())
        new = view.fixed | {pick: way} | {self.place[c]: way for c in also if c in self.place}
        return _Node(new, view.top, (pick, way, abs(way - float(view.shares[pick])), value))

    def _learn(self, node: _Node, value: float) -> None:
        """How much the value falls when a candidate is moved as a whole (pseudo-costs)."""
        if node.came is None or node.came[2] < WHOLE:
            return
        j, way, moved, before = node.came
        fall = max(0.0, before - value) / moved
        for one in (self.falls[way], self.fall.setdefault((j, way), [0.0, 0.0])):
            one[0] = (one[0] * one[1] + fall) / (one[1] + 1)
            one[1] += 1

    def _promise(self, j: int, share: float) -> float:
        down = self.fall.get((j, 0), self.falls[0])[0] * share
        up = self.fall.get((j, 1), self.falls[1])[0] * (1 - share)
        return max(down, 1e-6) * max(up, 1e-6)

    def _branch(self, fixed: dict[int, int], top: int) -> Branch:
        firms = self.program.free
        came = [firms[j] for j, way in fixed.items() if way]
        return Branch(
            (*self.inside, *came),
            tuple(c for j, c in enumerate(firms) if j not in fixed),
            top // PARTS * ONE,
        )

    def _fix(self, weights: Weights, fixed: dict[int, int]) -> tuple[int, dict[int, int]]:
        """What the weights prove, and who must or cannot belong to a choice as good as the best."""
        of, floor = weights.of, PARTS * self.worth()
        came = [j for j, way in fixed.items() if way]
        slots = self.slots - len(came)
        if slots < 0:
            return NOTHING, fixed
        open_ = np.ones(len(of), bool)
        open_[list(fixed)] = False
        gain = np.where(open_, np.maximum(of, 0), 0)
        ranked = np.sort(gain)[::-1]
        least = spare = 0
        if slots < len(ranked):
            least, spare = int(ranked[slots - 1]) if slots else 0, int(ranked[slots])
        top = weights.base + sum(int(of[j]) for j in came) + int(ranked[:slots].sum())
        picked = (gain > 0) & (gain >= least) & (slots > 0)
        out = open_ & ~picked & (of < _within(floor - top + least)) if slots else open_
        into = picked & (of > _within(top + spare - floor))
        new = dict.fromkeys(np.flatnonzero(out).tolist(), 0) | dict.fromkeys(np.flatnonzero(into).tolist(), 1)
        return top, fixed | new

    def _tighten(self) -> None:
        """Lines where the relaxation splits firms: one segment after the other, then two together."""
        inside = set(self.inside)
        for cut in [*self.aid.cuts, *self.aid.envelopes]:
            self._add(cut, inside)
        self.simplex = Simplex(self.program)
        envelopes = Envelopes(self.model, self.program.free)
        single: list[tuple[int, ...]] = [(k,) for k in self.program.open]
        both = [*envelopes.pairs(list(self.program.open)), *single]
        last, groups, size, until = inf, single, self.program.size, self.aid.left() / 2
        for _turn in range(ROUNDS):
            value = self.simplex.solve()
            if value is None or self.aid.left() < until:
                break
            if (last - value) * size < ENOUGH * (value * size + self.proof.base - self.worth()):
                if groups is both:
                    break
                groups = both
            last = value
            if not self._cut(envelopes, groups, inside):
                break

    def _cut(self, envelopes: Envelopes, groups: Sequence[tuple[int, ...]], inside: set[int]) -> bool:
        free, size = self.program.free, self.program.size
        minima = self.simplex.minima().tolist()
        shares = dict(zip(free, self.simplex.shares().tolist(), strict=True)) | dict.fromkeys(inside, 1.0)
        found = [
            envelopes.best(some, shares, sum(minima[self.program.open[k]] for k in some) * size)
            for some in groups
        ]
        fresh = [cut for cut in found if cut is not None and cut not in self.aid.envelopes]
        self.aid.envelopes.update(dict.fromkeys(fresh))
        for cut in fresh:
            self._add(cut, inside)
        self.simplex.catch_up()
        return bool(fresh)

    def _add(self, cut: Cut, inside: set[int]) -> None:
        program = self.program
        if not program.open.keys() >= set(cut.segments):
            return
        there = [(self.place[c], part / program.size) for c, part in cut.parts if c in self.place]
        base = cut.base + sum(part for c, part in cut.parts if c in inside)
        row = program.below(cut.segments, [j for j, _v in there], [v for _j, v in there], base / program.size)
        self.proof.add(cut, row, inside)

    def _thin(self) -> int:
        """Leave out the lines that lie far above the relaxation: each makes every later step slower.

        What the relaxation proves comes back.
        """
        if self.simplex.solve() is None:
            return -NOTHING
        program, proof = self.program, self.proof
        top, _fixed = self._fix(proof.weights(self.simplex.duals()), {})
        near = NEAR * max(0, top // PARTS - self.worth()) / program.size
        room = program.room([*self.simplex.shares().tolist(), *self.simplex.minima().tolist()])
        number = program.without({row for row in proof.rows[2 * len(program.open) :] if room[row] > near})
        lines = [n for n, row in enumerate(proof.rows) if row in number]
        proof.keep(lines, [number[proof.rows[n]] for n in lines])
        self.simplex = Simplex(program)
        return top


def _within(limit: int) -> int:
    """The limit as 64 bits can hold it; no weight lies beyond."""
    return max(-(2**63) + 1, min(2**63 - 1, limit))
