"""The best choice of at most n firms: branch and bound whose every cut is proven in whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from app.chain.recruit.bounds import HANDY, ONE, Bound, bound, proposal, useless
from app.chain.recruit.cuts import Aid
from app.chain.recruit.exchange import exchanged
from app.chain.recruit.integers import Integers
from app.chain.recruit.leaves import Leaves
from app.chain.recruit.rules import Key, Model, allowed, key
from app.chain.recruit.tree import Tree
from app.chain.recruit.wander import wandered

SMALL = 12  # up to so many open candidates no solver is asked
LEAVES, TRIES = 48, 600  # so many are tried out, so often, before a branch is split
MANY = 256  # above, floating point looks for a good choice before whole numbers do
UNKNOWN = 1 << 4000  # above every worth
PROOF = 30.0  # seconds at most of whole-number programming, which may stall on very large numbers
SECONDS = 20.0  # at most, of the solver that proposes a choice to begin with


Whole = tuple[int, tuple[int, ...], tuple[int, ...]]  # what bounds a branch, who is in, who may still come


@dataclass(frozen=True, slots=True)
class Found:
    """The best choice found, the worth that no choice exceeds, and whether the two (and all ties) are settled."""

    chosen: tuple[int, ...]
    bound: int
    proven: bool


@dataclass(frozen=True, slots=True)
class Ahead:
    """Who is at least as good as whom: the same outputs, not dearer, the code not later, the group no obstacle."""

    before: dict[int, tuple[int, ...]]
    after: dict[int, tuple[int, ...]]


def twins(model: Model, slots: int) -> tuple[Ahead, list[int]]:
    """Candidates that make the same, in the order in which they are taken, and those never needed at all.

    A choice that holds a twin without the one ahead of it is beaten by the exchange (value and number equal, cost
    or code better); so only choices that take twins in order are looked at.
    """
    alike: dict[tuple[tuple[int, int, int], ...], list[int]] = {}
    for c, column in enumerate(model.columns):
        alike.setdefault(column, []).append(c)
    before: dict[int, tuple[int, ...]] = {}
    after: dict[int, list[int]] = {}
    never = []
    for column, members in alike.items():
        members.sort(key=lambda c: (model.costs[c], c))
        for place, c in enumerate(members):
            if c in model.musts:
                continue
            rivals = [o for o in members[:place] if model.groups[o] in ("", model.groups[c])]
            same_group = any(model.groups[o] and model.groups[o] == model.groups[c] for o in rivals)
            if not column or same_group or len(rivals) >= slots:
                never.append(c)
            elif rivals:
                before[c] = tuple(rivals)
                for other in rivals:
                    after.setdefault(other, []).append(c)
    return Ahead(before, {c: tuple(later) for c, later in after.items()}), never


class _Search:
    def __init__(self, model: Model, slots: int, starts: Iterable[Iterable[int]], aid: Aid) -> None:
        self.model, self.slots, self.aid = model, slots, aid
        self.best: Key = key(model, model.musts)
        for start in starts:
            self.offer(start)
        self.ahead, self.never = twins(model, slots)
        self.nodes: list[tuple[int, int, tuple[int, ...], tuple[int, ...]]] = []
        out = {*self.never, *useless(model, slots)} | model.musts
        free = tuple(c for c in range(len(model.codes)) if c not in out)
        self.count, self.proposed = 0, False
        self.ceiling = UNKNOWN // ONE
        root = bound(model, (), (), 0, 0, aid).top if not free else None
        self.push(root if root is not None else UNKNOWN, tuple(sorted(model.musts)), free)

    def push(self, top: int, inside: tuple[int, ...], free: tuple[int, ...]) -> None:
        self.count += 1
        heappush(self.nodes, (-top, self.count, inside, free))

    def offer(self, chosen: Iterable[int]) -> None:
        chosen = tuple(chosen)
        if allowed(self.model, chosen, self.slots):
            self.best = min(self.best, key(self.model, chosen))

    @property
    def worth(self) -> int:
        return -self.best[0]

    def run(self) -> Found:
        while self.nodes:
            top, _count, inside, free = self.nodes[0]
            if self.count > 1 and self.aid.left() <= 0:
                ceiling = min(-top // ONE, self.ceiling)
                return Found(self.best[3], max(self.worth, ceiling), False)
            heappop(self.nodes)
            if -top // ONE >= self.worth:
                self.expand(-top, inside, free)
        return Found(self.best[3], self.worth, True)

    def expand(self, known: int, inside: tuple[int, ...], free: tuple[int, ...]) -> None:
        shrunk = self.shrink(list(inside), list(free))
        if shrunk is None:
            return
        chosen, left, limit = shrunk
        self.offer(chosen)
        if not left.order:
            return
        if not self.proposed and len(left.order) > SMALL:
            self.proposed = True
            for top, came, open_ in self.improve(chosen, left, limit):
                self.push(min(top, left.top), came, open_)
            return
        self.round_off(chosen, left)
        rest = [c for c in left.order if c not in set(left.fixed_out)]
        leaves = Leaves(self.model, self.ahead.before, self.slots, self.best)
        if len(rest) <= LEAVES and leaves.settle(chosen, left, rest, limit, TRIES):
            self.best = min(self.best, leaves.best)
            return
        self.best = min(self.best, leaves.best)
        pick = min(rest, key=lambda c: (abs(left.shares.get(c, 0.0) - 0.5), -left.weights[c], c))
        later = set(self.ahead.after.get(pick, ())) | {pick}
        sooner = [c for c in self.ahead.before.get(pick, ()) if c in set(rest)]
        top = min(left.top, known)
        self.push(top, (*chosen, *sooner, pick), tuple(c for c in rest if c != pick and c not in set(sooner)))
        self.push(top, tuple(chosen), tuple(c for c in rest if c not in later))

    def improve(self, chosen: list[int], left: Bound, limit: int) -> list[Whole]:
        """Exchanges and solvers look at what is open at the root; the branches that are open then."""
        known = left.top
        self.round_off(chosen, left)
        self.offer(exchanged(self.model, self.best[3], left.order, self.slots))
        if len(left.order) > HANDY and not self.aid.wandered:  # later questions begin with earlier answers
            self.aid.wandered = True
            self.offer(wandered(self.model, self.best[3], left.order, self.slots, self.aid))
        proposed = False
        while True:
            again = self.shrink(chosen, left.order)  # a better choice fixes more
            if again is None:
                return []
            chosen, left, limit = again
            open_ = sorted(set(left.order) - set(left.fixed_out))
            whole: Whole = min(known, left.top), tuple(chosen), tuple(open_)
            if len(open_) <= SMALL or self.aid.left() <= 0:
                return [whole]
            before = self.best
            only_ties = left.top // ONE == self.worth
            if len(open_) > HANDY and not only_ties:
                branches = self.branched(whole, limit)
                if branches is not None:
                    return branches
            if (proposed or len(open_) <= MANY) and self.settled(chosen, open_):
                return []
            if self.best == before:
                if proposed or only_ties:
                    return [whole]
                proposed = True
                self.ask_for_proposal(chosen, open_, limit)

    def branched(self, whole: Whole, limit: int) -> list[Whole] | None:
        """What branching on the tight relaxation leaves open; None where 64 bits do not do."""
        order = self.ahead.before, self.ahead.after
        top, chosen, open_ = whole
        tree = Tree(self.model, chosen, open_, limit, order, self.aid, lambda: self.worth, self.offer)
        if not tree.able():
            return None
        return [
            (branch.top, branch.inside, branch.free) for branch in tree.grow(min(top // ONE, self.ceiling))
        ]

    def ask_for_proposal(self, chosen: list[int], open_: list[int], limit: int) -> None:
        seconds = min(SECONDS, self.aid.left() / 2)
        found, ceiling = proposal(self.model, chosen, open_, limit, seconds)
        self.offer(found)
        if ceiling is not None:
            self.ceiling = min(self.ceiling, ceiling)

    def settled(self, inside: Sequence[int], open_: Sequence[int]) -> bool:
        """Whether whole-number programming settles everything in half of the time; its choice counts anyway."""
        aid = self.aid
        if aid.left() <= 0 or not Integers.fits(self.model, self.slots):
            return False
        out = set(range(len(self.model.codes))) - set(open_) - set(inside)
        program = Integers(self.model, self.slots, out, self.ahead.before)
        program.hold(inside)
        answer = program.settle(aid, self.best[3], min(PROOF, aid.left() / 2))
        self.offer(answer.chosen)
        if answer.bound is not None:
            self.ceiling = min(self.ceiling, answer.bound)
        return answer.proven

    def shrink(self, inside: list[int], free: list[int]) -> tuple[list[int], Bound, int] | None:  # noqa: C901 - the steps of one deduction, repeated until nothing follows
        """Fix what must be so, until nothing more follows; None when nothing better or equal is left here."""
        while True:
            free = self.possible(inside, free)
            limit = self.slots - len(inside)
            if limit < 0 or not self.affordable(inside):
                return None
            found = bound(self.model, inside, free, limit, self.worth, self.aid)
            if found.top // ONE < self.worth:
                return None
            if found.top // ONE == self.worth:  # no better worth here: at most as many firms as the best has
                fewer = min(limit, self.best[1] - len(inside))
                if fewer < 0:
                    return None
                if fewer < limit:
                    limit = fewer
                    found = bound(self.model, inside, free, limit, self.worth, self.aid)
                    if found.top // ONE < self.worth:
                        return None
            if not found.fixed_in:
                gone = set(found.fixed_out)
                if len(gone) * 4 > len(free):
                    free = [c for c in free if c not in gone]
                    if free:
                        continue
                return inside, found, limit
            inside = inside + found.fixed_in
            gone = set(found.fixed_out) | set(found.fixed_in)
            free = [c for c in free if c not in gone]

    def affordable(self, inside: Sequence[int]) -> bool:
        return allowed(self.model, inside, self.slots)

    def possible(self, inside: Sequence[int], free: Sequence[int]) -> list[int]:
        model = self.model
        rest = None if model.budget is None else model.budget - model.cost(inside)
        taken = {model.groups[c] for c in inside} - {""}
        return [c for c in free if (rest is None or model.costs[c] <= rest) and model.groups[c] not in taken]

    def round_off(self, chosen: Sequence[int], left: Bound) -> None:
        """A choice near the linear relaxation: a good one early cuts more."""
        wanted = sorted(left.order, key=lambda c: (-left.shares.get(c, 0.0), -left.weights[c], c))
        now = list(chosen)
        for c in wanted:
            if len(now) >= self.slots:
                break
            if left.weights[c] > 0 and allowed(self.model, [*now, c], self.slots):
                now.append(c)
        self.offer(now)


def best_choice(
    model: Model, slots: int, starts: Iterable[Iterable[int]] = (), aid: Aid | None = None
) -> Found:
    """The first of all allowed choices of at most `slots` firms in the order of `rules.key`.

    Parameters
    ----------
    model : Model
        Its musts must keep the limits.
    slots : int
        Number of firms, musts among them.
    starts : iterable of sets of candidates
        Choices to begin with; those that break a limit are left alone.
    aid : Aid
        Seconds left (when there are none, the bound is that of everything still open) and cuts already known.
    """
    return _Search(model, slots, starts, aid or Aid()).run()
