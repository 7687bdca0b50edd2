"""Further lines above min(a_k, b_k), exact in whole numbers, that the two sides alone do not give.

A firm comes whole or not at all. The linear relaxation does not know that and closes many gaps with parts of firms;
mixed integer rounding (Nemhauser and Wolsey 1990; Marchand and Wolsey 2001) takes most of that away.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf

from app.chain.recruit.rules import Model

WIDEST = 200  # firms on one segment; beyond that a cut is long and says little
DIVISORS = 6


@dataclass(frozen=True, slots=True)
class Cut:
    """The minima of `segments` together are ≤ `base` + Σ `parts` over the chosen, whoever is chosen."""

    segments: tuple[int, ...]
    base: int
    parts: tuple[tuple[int, int], ...]

    def at(self, shares: Mapping[int, float]) -> float:
        return self.base + sum(part * shares.get(c, 0.0) for c, part in self.parts)


@dataclass(slots=True)
class Aid:
    """What the searches of one question share: the seconds left, and the lines found so far (they hold for all)."""

    left: Callable[[], float] = lambda: inf
    cuts: dict[Cut, None] = field(default_factory=dict)
    envelopes: dict[Cut, None] = field(default_factory=dict)
    wandered: bool = False

    def keep_only(self, used: Collection[Cut]) -> None:
        """Forget what bounded nothing: every row makes each later relaxation slower."""
        self.cuts = dict.fromkeys(used)


class Cutter:
    """Looks for cuts at a point of the linear relaxation."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.rows: dict[int, list[tuple[int, int, int]]] = {}
        for c, column in enumerate(model.columns):
            for k, a, b in column:
                self.rows.setdefault(k, []).append((c, a, b))

    def best(self, k: int, shares: Mapping[int, float], now: float) -> Cut | None:
        """The cut of segment k furthest below `now`, the relaxation's value of its minimum at `shares`."""
        rows = self.rows.get(k, [])
        if len(rows) > WIDEST or not any(1e-6 < shares.get(c, 0.0) < 1 - 1e-6 for c, _a, _b in rows):
            return None
        found = [(cut.at(shares), cut) for sign in (1, -1) for cut in self._rounded(k, sign, shares)]
        value, cut = min(found, key=lambda one: one[0], default=(inf, None))
        return cut if value < now - 1e-5 * (1 + abs(now)) else None

    def _rounded(self, k: int, sign: int, shares: Mapping[int, float]) -> Iterator[Cut]:
        """Cuts from max(0, gap) ≥ L, with gap = ±(a_k − b_k): the minimum is a side less max(0, gap)."""
        model, rows = self.model, self.rows[k]
        start = sign * (model.a0[k] - model.b0[k])
        base = model.a0[k] if sign > 0 else model.b0[k]
        side = {c: a if sign > 0 else b for c, a, b in rows}
        widen = {c: sign * (a - b) for c, a, b in rows}
        for least in (0.5, 0.0, 1.0):
            here = {c for c, v in widen.items() if v > 0 and shares.get(c, 0.0) > least}
            gap = start + sum(widen[c] for c in here)
            if gap <= 0:
                continue
            items = {c: abs(v) for c, v in widen.items() if v < 0 or c in here}
            for divisor in self._divisors(items, gap, shares):
                rest = gap % divisor
                if not rest:
                    continue
                lost = {
                    c: rest * (v // divisor) + min(rest, v % divisor) for c, v in items.items()
                }  # what the bound on the gap loses when c closes (or does not widen) it
                floor = rest * -(-gap // divisor) - sum(lost[c] for c in here)
                parts = tuple(
                    (c, side[c] - (lost[c] if c in here else -lost.get(c, 0))) for c in sorted(side)
                )
                yield Cut((k,), base - floor, parts)

    def _divisors(self, items: Mapping[int, int], gap: int, shares: Mapping[int, float]) -> list[int]:
        """Larger than everything (plain capping), then the parts of firms that the relaxation splits."""
        split = {v for c, v in items.items() if 1e-6 < shares.get(c, 0.0) < 1 - 1e-6}
        return [gap + max(items.values(), default=0) + 1, *sorted(split, reverse=True)[:DIVISORS]]
