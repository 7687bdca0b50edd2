"""A good choice by wandering: firms come and go at random, small losses allowed at first and ever smaller ones later.

Threshold accepting (Dueck, Scheuer 1990) in whole numbers and from a fixed seed: the same on every machine. No proof.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

from app.chain.recruit.cuts import Aid
from app.chain.recruit.rules import Model, allowed

STEPS, LEVELS = 3_000, 60  # moves tried for each open firm up to `MOST`, on so many falling thresholds
MOST = 8_000_000
SEED = 1
WARM, COLD = 1, 40  # the first threshold is a typical part ÷ WARM, the last one ÷ COLD


def wandered(
    model: Model,
    chosen: Collection[int],
    others: Sequence[int],
    slots: int,
    aid: Aid | None = None,
) -> list[int]:
    """The best allowed choice met on the way from `chosen`; musts stay, `others` come and go.

    >>> model = Model(("A",), (0,), (5,), (((0, 3, 0),),), (0,), ("",), frozenset(), 1, None, 1, 1)
    >>> wandered(model, [], [0], 1)
    [0]
    """
    movable = [c for c in others if c not in model.musts and model.columns[c]]
    if not movable or not allowed(model, chosen, slots):
        return sorted(chosen)
    aid = aid or Aid()
    walk = _Walk(model, chosen, slots)
    parts = sorted(abs(a - b) for c in movable for _k, a, b in model.columns[c])
    typical = max(1, parts[len(parts) // 2])
    warm, cold = max(1, typical // WARM), max(1, typical // COLD)
    dice = random.Random(SEED)
    each = max(1, min(MOST, STEPS * len(movable)) // LEVELS)
    for level in range(LEVELS):
        if aid.left() <= 0:
            break
        walk.run(dice, movable, each, int(warm * (cold / warm) ** (level / (LEVELS - 1))))
    walk.run(dice, movable, 20 * len(movable), 0)
    return sorted(walk.best)


class _Walk:
    def __init__(self, model: Model, chosen: Collection[int], slots: int) -> None:
        self.model, self.slots = model, slots
        self.parts = [tuple((k, a - b) for k, a, b in column if a != b) for column in model.columns]
        self.sure = [sum(b for _k, _a, b in column) for column in model.columns]
        self.ahead = [a - b for a, b in zip(model.a0, model.b0, strict=True)]
        self.inside = [False] * len(model.codes)
        self.spent = self.count = 0
        self.holder: dict[str, int] = {}
        self.limits = model.budget is not None or slots < len(model.codes) or any(model.groups)
        for c in chosen:
            self.flip(c, 1)
        self.value = self.top = 0
        self.best = set(chosen)

    def flip(self, c: int, way: int) -> None:
        ahead = self.ahead
        for k, more in self.parts[c]:
            ahead[k] += way * more
        self.inside[c] = way > 0
        self.count += way
        self.spent += way * self.model.costs[c]
        if self.model.groups[c]:
            self.holder[self.model.groups[c]] = c if way > 0 else -1

    def gain(self, c: int, way: int) -> int:
        ahead = self.ahead
        total = way * self.sure[c]
        for k, more in self.parts[c]:
            now = ahead[k]
            then = now + way * more
            if then < 0:
                total += then
            if now < 0:
                total -= now
        return total

    def run(self, dice: random.Random, movable: Sequence[int], times: int, threshold: int) -> None:
        """Try so many moves; a loss up to the threshold is taken."""
        inside, many, pick = self.inside, len(movable), dice.random
        for _time in range(times):
            c = movable[int(pick() * many)]
            way = -1 if inside[c] else 1
            gain = self.gain(c, way)
            if gain < -threshold:
                continue
            if way > 0 and self.limits and not self.fits(c):
                self.exchange(c, gain, movable[int(pick() * many)], threshold)
                continue
            self.flip(c, way)
            self.settle(gain)

    def settle(self, gain: int) -> None:
        self.value += gain
        if self.value > self.top:
            self.top = self.value
            self.best = {c for c, here in enumerate(self.inside) if here}

    def fits(self, c: int) -> bool:
        model = self.model
        return (
            self.count < self.slots
            and (model.budget is None or self.spent + model.costs[c] <= model.budget)
            and (not model.groups[c] or self.holder.get(model.groups[c], -1) < 0)
        )

    def exchange(self, c: int, gain: int, other: int, threshold: int) -> None:
        """Let `c` come for its rival of the group, or for `other`."""
        group = self.model.groups[c]
        rival = self.holder.get(group, -1) if group else -1
        gone = rival if rival >= 0 else other
        if not self.inside[gone] or gone in self.model.musts:
            return
        lost = self.gain(gone, -1)
        self.flip(gone, -1)
        if self.fits(c):
            gain = self.gain(c, 1)
            if lost + gain >= -threshold:
                self.flip(c, 1)
                self.settle(lost + gain)
                return
        self.flip(gone, 1)
