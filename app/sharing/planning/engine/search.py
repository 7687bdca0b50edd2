"""Improves a choice among very many columns region by region, each region decided anew while everything else stands."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from app.sharing.planning.engine.cells import nodes_of, ties_of
from app.sharing.planning.engine.core import Core
from app.sharing.planning.engine.crew import Crew
from app.sharing.planning.engine.piece import Piece
from app.sharing.planning.engine.places import Columns, Ints, locate
from app.sharing.planning.engine.timetable import Timetable, filling_order

REGION = 14_000  # columns that a region is grown to


class Search(ABC):
    """A choice among columns and the ways to better it; who inherits says where the present one loses (`losses`)."""

    def __init__(self, columns: Columns, caps: Ints | None) -> None:
        self.columns = columns
        self.caps = caps
        self.table = Timetable(columns, caps)
        self.core: Core | None = None
        self.pieces: list[Piece] = []  # whole-number models of its cells, where it has some
        self.tried: dict[int, int] = {}
        self._from_core: Ints | None = None
        self._greedy = filling_order(columns)

    @property
    def value(self) -> int:
        """Sum of the chosen values."""
        return self.table.value

    @property
    def chosen(self) -> Ints:
        """Positions of the chosen columns."""
        return self.table.chosen()

    def start(self, plan: Columns) -> None:
        """Begin with what of this plan belongs here, where that is better than the present choice."""
        self.begin_from(locate(self.columns, plan))

    def begin_from(self, order: Ints) -> None:
        """Go on from what fits in this order (then from what else fits), where it is better than the present choice."""
        table = self.table.fresh()
        table.fill(order.tolist())
        table.fill(self._greedy.tolist())
        if table.value > self.table.value:
            self.table = table

    def improve_core(self, crew: Crew, effort: float, seed: int) -> None:
        """Decide the most promising columns all together; `merge` takes the answer over."""
        if self.core is not None:
            self._from_core = self.core.improve(self.table.chosen(), crew, effort, seed)

    def merge(self) -> None:
        """Take the answer of the core over."""
        if self._from_core is not None:
            self.begin_from(self._from_core)
            self._from_core = None

    # -- regions ---------------------------------------------------------------------------------------
    def cut(self, most: int) -> None:
        """Find the nodes that regions are grown of: instruments, or stretches of them with at most so many columns."""
        self.node = nodes_of(self.columns, most)
        self.neighbours = _neighbours(ties_of(self.columns.request, self.node, self.columns.value))
        self.size = np.bincount(self.node)
        self.requests = int(self.columns.request.max()) + 1

    @property
    @abstractmethod
    def batch(self) -> int:
        """Regions to decide in one pass."""

    @abstractmethod
    def losses(self) -> Ints:
        """What the present choice loses against the bound, by node: where there may be something to gain."""

    def refused(self) -> Ints:
        """By node a tenth of the worth of the requests without a place, where each would be worth most."""
        lost = np.zeros(len(self.size))
        served = np.zeros(self.requests, dtype=bool)
        served[self.columns.request[self.table.chosen()]] = True
        open_ = np.flatnonzero(~served[self.columns.request])
        order = open_[np.lexsort((-self.columns.value[open_], self.columns.request[open_]))]
        request = self.columns.request[order]
        best = order[np.flatnonzero(np.r_[True, request[1:] != request[:-1]])] if len(order) else order
        np.add.at(lost, self.node[best], 0.1 * self.columns.value[best])
        return lost

    def regions(self, rng: random.Random, count: int) -> Iterator[tuple[Ints, Piece]]:
        """Disjoint regions round the nodes that lose most, as pieces with everything outside fixed."""
        lost = self.losses() * np.array([0.5 ** self.tried.get(n, 0) for n in range(len(self.size))])
        lost *= np.array([rng.uniform(0.7, 1.3) for _ in range(len(lost))])
        used: set[int] = set()
        claimed = np.zeros(self.requests, dtype=bool)
        for seed in np.argsort(-lost, kind="stable").tolist():
            if count == 0:
                return
            if seed in used or lost[seed] <= 0:
                continue
            region = self._grow(seed, used, rng)
            used |= set(region)
            self.tried[seed] = self.tried.get(seed, 0) + 2
            for n in region:
                self.tried[n] = self.tried.get(n, 0) + 1
            count -= 1
            yield self._region(region, claimed)

    def _grow(self, seed: int, used: set[int], rng: random.Random) -> list[int]:
        region, total = [seed], int(self.size[seed])
        reach: dict[int, float] = {}
        while total < REGION:
            for n, tie in self.neighbours.get(region[-1], ()):
                reach[n] = reach.get(n, 0.0) + tie * rng.uniform(0.5, 1.5)
            options = [(w / self.size[n], -n) for n, w in reach.items() if n not in used and n not in region]
            if not options:
                break
            nearest = -max(options)[1]
            region.append(nearest)
            total += int(self.size[nearest])
        return region

    def _region(self, region: list[int], claimed: Ints) -> tuple[Ints, Piece]:
        inside = np.zeros(len(self.size), dtype=bool)
        inside[region] = True
        here = inside[self.node]
        fixed = claimed.copy()
        for r, column in self.table.place.items():
            if not here[column]:
                fixed[r] = True
        columns = np.flatnonzero(here & ~fixed[self.columns.request])
        part = self.columns.take(columns)
        claimed[part.request] = True
        caps = None
        if self.caps is not None:
            caps = self.caps.copy()
            chosen = self.table.chosen()
            outside = chosen[~here[chosen] & (self.columns.owner[chosen] >= 0)]
            np.subtract.at(caps, self.columns.owner[outside], self.columns.work[outside])
        if part.quotas is not None:
            sitting = self.table.chosen()
            elsewhere = self.columns.take(sitting[~here[sitting]])
            part = replace(part, quotas=part.quotas.less(elsewhere))
        present = np.flatnonzero(np.isin(columns, self.table.chosen()))
        return columns, Piece(part, caps, present)

    def adopt(self, columns: Ints, piece: Piece) -> int:
        """Take over a region's better choice; the gain."""
        before = self.table.value
        old = [self.table.drop(r) for r, c in list(self.table.place.items()) if _has(columns, c)]
        new = columns[piece.chosen].tolist()
        self.table.fill(new)
        if self.table.value < before:  # two regions together asked for more than a cap leaves
            for c in new:
                if self.table.place.get(int(self.columns.request[c])) == c:
                    self.table.drop(int(self.columns.request[c]))
            self.table.fill(old)
        return self.table.value - before

    def search(self, crew: Crew, rng: random.Random, effort: float, seed: int) -> int:
        """One round over regions; the gain."""
        found = list(self.regions(rng, self.batch))
        gain = 0

        def merge(n: int, _: object) -> None:
            nonlocal gain
            columns, piece = found[n]
            if piece.value > piece.started:
                gain += self.adopt(columns, piece)

        crew.run([partial(piece.improve, crew, effort, seed) for _, piece in found], merge)
        return gain


def _has(sorted_columns: Ints, column: int) -> bool:
    at = int(np.searchsorted(sorted_columns, column))
    return at < len(sorted_columns) and int(sorted_columns[at]) == column


def _neighbours(ties: dict[tuple[int, int], float]) -> dict[int, list[tuple[int, float]]]:
    found: dict[int, list[tuple[int, float]]] = {}
    for (a, b), weight in sorted(ties.items()):
        found.setdefault(a, []).append((b, weight))
        found.setdefault(b, []).append((a, weight))
    return found
