"""A part too large for one model: cells at prices for what they share, a bound that adds up, a search over regions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from app.sharing.scheduling.clustering import cells_of, nodes_of, ties_of
from app.sharing.scheduling.core import Core
from app.sharing.scheduling.crew import Crew
from app.sharing.scheduling.piece import SLACK, Piece, highest_each
from app.sharing.scheduling.placing import Columns, Ints
from app.sharing.scheduling.pricing import Prices, prices
from app.sharing.scheduling.timetable import Timetable, arrival_order, filling_order

CELL = 14_000
REGION = 14_000


class Cluster:
    """Columns with their best choice so far and a proven bound, improved cell by cell.

    Requests that could go to several cells are *shared*. Pricing their rows out (Lagrange) makes the cells
    independent: for any price m ≥ 0 of each shared request, Σ m + Σ over cells of the best choice at
    value − m bounds every plan, and it is the stronger the better the cells are solved in whole numbers.
    """

    def __init__(self, columns: Columns, caps: Ints | None) -> None:
        self.columns = columns
        self.caps = caps
        self.table = Timetable(columns, caps)
        self.bound = int(highest_each(columns, columns.value))
        self.prices: Prices | None = None
        self.core: Core | None = None
        self.cells: list[Ints] = []
        self.pieces: list[Piece] = []
        self.tried: dict[int, int] = {}
        self._from_core: Ints | None = None
        self._greedy = filling_order(columns)
        self._total = self.bound
        self._best: tuple[int, Ints, Ints] | None = None
        self._reach = 1.0

    @property
    def value(self) -> int:
        """Sum of the chosen values."""
        return self.table.value

    @property
    def closed(self) -> bool:
        """Whether the choice is proven to be the best."""
        return self.value >= self.bound

    @property
    def settled(self) -> bool:
        """Whether the cells have nothing more to say at these prices."""
        return all(p.closed or p.tries > 1 for p in self.pieces)

    @property
    def chosen(self) -> Ints:
        """Positions of the chosen columns."""
        return self.table.chosen()

    # -- prices and bound ------------------------------------------------------------------------------
    def relax(self, crew: Crew) -> None:
        """Price what is shared by the relaxation of the whole; round its solution."""
        self.table.fill(self._greedy.tolist())
        self.begin_from(arrival_order(self.columns))
        found = prices(self.columns, self.caps, crew)
        if found is None:
            return
        self.bound = min(self.bound, int(np.floor(found.prices.bound + 10 * SLACK)))
        self.prices = found.prices
        loss = -found.prices.reduced(self.columns)
        self.core = Core(self.columns, self.caps, loss)
        order = found.at[np.lexsort((loss[found.at], -np.round(found.share, 6)))]
        self.begin_from(order)

    def improve_core(self, crew: Crew, effort: float, seed: int) -> None:
        """Decide the most promising columns of all cells together; `merge` takes the answer over."""
        if self.core is not None:
            self._from_core = self.core.improve(self.table.chosen(), crew, effort, seed)

    def open_cells(self) -> None:
        """Make a piece of every cell at the present prices; cells whose prices are as before stay as they are."""
        if not self.cells:
            self._cut()
        fresh: list[Piece] = []
        for k in range(len(self.cells)):
            columns = self._priced(k)
            old = self.pieces[k] if self.pieces else None
            if old is not None and np.array_equal(old.columns.value, columns.value):
                fresh.append(old)
            else:
                fresh.append(Piece(columns, None, None if old is None else old.chosen))
        self.pieces = fresh

    def _cut(self) -> None:
        """Cut into cells; what they share has the price of the relaxation, if there was time for one."""
        label = cells_of(self.columns, CELL)
        width = int(label.max()) + 1
        self.cells = [np.flatnonzero(label == k) for k in range(width)]
        self.node = nodes_of(self.columns, CELL // 4)
        self.neighbours = _neighbours(ties_of(self.columns.request, self.node, self.columns.value))
        self.size = np.bincount(self.node)
        requests, owners = int(self.columns.request.max()) + 1, int(self.columns.owner.max(initial=0)) + 1
        pairs = np.unique(self.columns.request.astype(np.int64) * width + label)
        self.shared = np.bincount(pairs // width, minlength=requests) > 1
        self.price = np.zeros(requests, dtype=np.int64)
        self.owner_price = np.zeros(owners, dtype=np.int64)
        if self.prices is not None:
            self.price[self.shared] = np.floor(self.prices.request[self.shared] + 0.5)
            self.owner_price[:] = np.floor(self.prices.owner + 0.5)

    def reprice(self) -> bool:
        """Dearer what several cells take, cheaper what none takes; whether any price moved.

        A subgradient step towards the value reached. After a step that did not lower the bound the next one starts
        again from the best prices, half as far.
        """
        if self._best is None or self._total < self._best[0]:
            times = np.zeros(len(self.price))
            for cell, piece in zip(self.cells, self.pieces, strict=True):
                np.add.at(times, self.columns.request[cell[piece.chosen]], 1)
            slope = np.where(self.shared, 1 - times, 0.0)
            slope[(self.price <= 0) & (slope > 0)] = 0.0
            self._best = (self._total, self.price, slope)
        else:
            self._reach /= 2
        total, price, slope = self._best
        norm = float(slope @ slope)
        if norm == 0 or self._reach < 0.02:
            return False
        step = self._reach * max(1.0, total - self.value) / norm
        before = self.price
        self.price = np.maximum(0, np.floor(price - step * slope + 0.5)).astype(np.int64)
        return bool((self.price != before).any())

    def begin_from(self, order: Ints) -> None:
        """Go on from what fits in this order (then from what else fits), where it is better than the present choice."""
        table = self.table.fresh()
        table.fill(order.tolist())
        table.fill(self._greedy.tolist())
        if table.value > self.table.value:
            self.table = table

    def _priced(self, k: int) -> Columns:
        c = self.columns.take(self.cells[k])
        capped = np.where(c.owner >= 0, self.owner_price[c.owner] * c.work, 0)
        value = c.value - self.price[c.request] - capped
        return replace(c, value=np.maximum(value, 0), owner=np.full_like(c.owner, -1))

    def merge(self) -> None:
        """Add up the bound; put the cells' choices together and keep that if it is better than what there is."""
        if not self.pieces:
            return
        fixed = int(self.price.sum())
        if self.caps is not None:
            fixed += int((self.owner_price * self.caps[: len(self.owner_price)]).sum())
        self._total = fixed + sum(p.bound for p in self.pieces)
        self.bound = min(self.bound, self._total)
        if self._from_core is not None:
            self.begin_from(self._from_core)
            self._from_core = None
        picked = [cell[p.chosen] for cell, p in zip(self.cells, self.pieces, strict=True)]
        every = np.concatenate(picked)
        every = every[np.argsort(-self.columns.value[every], kind="stable")]
        self.begin_from(np.concatenate([every, self.table.chosen()]))

    # -- search ----------------------------------------------------------------------------------------
    def losses(self) -> Ints:
        """What the present choice loses against the bound, by node: where there may be something to gain."""
        lost = np.zeros(len(self.size))
        at = np.zeros(len(self.columns), dtype=bool)
        at[self.table.chosen()] = True
        best_node: dict[int, tuple[float, int]] = {}
        for cell, piece in zip(self.cells, self.pieces, strict=True):
            dual = piece.dual()
            if dual is None:
                continue
            reduced, unused, clique_column = dual(at[cell])
            node = self.node[cell]
            np.add.at(lost, node[at[cell]], -np.minimum(reduced[at[cell]], 0.0))
            np.add.at(lost, node[clique_column], unused)
        served = np.zeros(len(self.price), dtype=bool)
        served[self.columns.request[at]] = True
        for cell in self.cells:
            open_ = cell[~served[self.columns.request[cell]]]
            for c in open_.tolist():
                r, v = int(self.columns.request[c]), float(self.columns.value[c])
                if r not in best_node or best_node[r][0] < v:
                    best_node[r] = (v, int(self.node[c]))
        for v, n in best_node.values():
            lost[n] += 0.1 * v
        return lost

    def regions(self, rng: random.Random, count: int) -> Iterator[tuple[Ints, Piece]]:
        """Disjoint regions round the nodes that lose most, as pieces with everything outside fixed."""
        lost = self.losses() * np.array([0.5 ** self.tried.get(n, 0) for n in range(len(self.size))])
        lost *= np.array([rng.uniform(0.7, 1.3) for _ in range(len(lost))])
        used: set[int] = set()
        claimed = np.zeros(len(self.price), dtype=bool)
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

    def search(self, crew: Crew, rng: random.Random, effort: float, batch: int, seed: int) -> int:
        """One round over regions; the gain."""
        found = list(self.regions(rng, batch))
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
