"""What multipliers of the relaxation prove, reckoned in whole numbers at once for all candidates.

Any lines above the minima, mixed so that each minimum is taken once, give a linear function of who is chosen that no
choice exceeds. The mix comes from floating point; rounded to parts of `PARTS` it is exact whatever it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from app.chain.recruit.cuts import Cut
from app.chain.recruit.program import Program
from app.chain.recruit.rules import Column, Model, Standing

PARTS = 1 << 22
ROOM = 2**62


@dataclass(frozen=True, slots=True)
class Weights:
    """`PARTS` times the worth of a choice is at most `base` + Σ `of` over the chosen (by place in `free`)."""

    base: int
    of: np.ndarray


class Certificate:
    """The lines of one program; `free` are its candidates, `inside` those that are there anyhow."""

    def __init__(
        self,
        model: Model,
        program: Program,
        standing: Standing,
        columns: dict[int, Column],
        sides: dict[int, int],
        rest: int | None,
    ) -> None:
        self.program, self.rest = program, rest
        self.place = {c: j for j, c in enumerate(program.free)}
        self.whole_costs = [model.costs[c] for c in program.free]
        n, m = len(program.free), len(program.open)
        self.lines: list[tuple[int, list[tuple[int, int]], tuple[int, ...]]] = []
        a_lines: list[list[tuple[int, int]]] = [[] for _ in range(m)]
        b_lines: list[list[tuple[int, int]]] = [[] for _ in range(m)]
        fixed = [0] * n
        for j, c in enumerate(program.free):
            for k, a, b in columns[c]:
                if k in program.open:
                    a_lines[program.open[k]].append((j, a))
                    b_lines[program.open[k]].append((j, b))
                else:
                    fixed[j] += a if sides[k] > 0 else b
        self.fixed, self.base = fixed, 0
        for k, (a, b) in enumerate(zip(standing.a, standing.b, strict=True)):
            if k not in program.open:
                self.base += (min(a, b), a, b)[sides.get(k, 0)]
        self.lines += [(standing.a[k], a_lines[j], (j,)) for k, j in program.open.items()]
        self.lines += [(standing.b[k], b_lines[j], (j,)) for k, j in program.open.items()]
        self.rows = list(range(2 * m))  # of the program

    def add(self, cut: Cut, row: int, inside: set[int]) -> None:
        base = cut.base + sum(part for c, part in cut.parts if c in inside)
        parts = [(self.place[c], part) for c, part in cut.parts if c in self.place]
        self.lines.append((base, parts, tuple(self.program.open[k] for k in cut.segments)))
        self.rows.append(row)

    def keep(self, numbers: Sequence[int], rows: Sequence[int]) -> None:
        """Only these lines, which stand in these rows now."""
        self.lines = [self.lines[n] for n in numbers]
        self.rows = list(rows)

    def fits(self) -> bool:
        """Whether 64 bits hold every sum."""
        reach = abs(self.base) + sum(map(abs, self.fixed)) + sum(self.whole_costs) + abs(self.rest or 0)
        reach += sum(abs(base) + sum(abs(v) for _j, v in parts) for base, parts, _ends in self.lines)
        return reach * PARTS < ROOM

    def close(self) -> None:
        """Make the tables that `weights` reckons with."""
        n, m = len(self.program.free), len(self.program.open)
        entries = [(r, j, v) for r, (_base, parts, _ends) in enumerate(self.lines) for j, v in parts if v]
        r, j, v = (list(part) for part in zip(*entries, strict=True)) if entries else ([], [], [])
        self._parts = csr_array((np.array(v, np.int64), (j, r)), shape=(n, len(self.lines)))
        ends = [(end, r) for r, (_base, _parts, ends) in enumerate(self.lines) for end in ends]
        places = ([e for e, _r in ends], [r for _e, r in ends])
        self._ends = csr_array((np.ones(len(ends), np.int64), places), shape=(m, len(self.lines)))
        self._bases = np.array([base for base, _parts, _ends in self.lines], np.int64)
        self._fixed = np.array(self.fixed, np.int64)
        self._costs = np.array(self.whole_costs, np.int64)
        self._rows = np.array(self.rows)
        counts = [len(ends) for _base, _parts, ends in self.lines]
        self._which = np.array([end for _base, _parts, ends in self.lines for end in ends])
        self._starts = np.array([0, *np.cumsum(counts)[:-1]])

    def weights(self, duals: np.ndarray) -> Weights:
        """The linear function that these multipliers of the program's rows give."""
        m = len(self.program.open)
        raw = np.maximum(duals[self._rows], 0.0)
        full = np.maximum(self._ends @ raw, 1.0)  # a minimum is taken once, rounding or not
        raw = raw / np.maximum.reduceat(full[self._which], self._starts)
        times = np.floor(raw * PARTS).astype(np.int64)
        times[: 2 * m] = 0
        left = PARTS - self._ends @ times
        if (left < 0).any():  # rounding took more than there is: do without the cuts there
            bad = self._ends.T @ (left < 0).astype(np.int64) > 0
            times[bad] = 0
            left = PARTS - self._ends @ times
        a, b = raw[:m], raw[m : 2 * m]
        share = np.where(
            a + b > 1e-9, a / np.maximum(a + b, 1e-9), (self._bases[:m] <= self._bases[m : 2 * m])
        )
        times[:m] = np.rint(left * share).astype(np.int64)
        times[m : 2 * m] = left - times[:m]
        base = int(self._bases @ times) + PARTS * self.base
        of = self._parts @ times + PARTS * self._fixed
        row = self.program.budget_row
        if row is not None and self.rest is not None:
            mu = max(0, round(float(duals[row]) * self.program.size / self.program.dear * PARTS))
            mu = min(mu, ROOM // 2 // (max(self.whole_costs, default=0) + 1))
            base += mu * self.rest
            of = of - mu * self._costs
        return Weights(base, of)
