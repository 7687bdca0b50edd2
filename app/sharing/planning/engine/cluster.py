"""A part too large for one model: cells at prices for what they share, a bound that adds up, a search over regions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.sharing.planning.engine.cells import cells_of
from app.sharing.planning.engine.core import Core
from app.sharing.planning.engine.crew import Crew
from app.sharing.planning.engine.piece import SLACK, Piece, highest_each
from app.sharing.planning.engine.places import Columns, Ints, locate
from app.sharing.planning.engine.prices import Prices, prices
from app.sharing.planning.engine.search import Search
from app.sharing.planning.engine.timetable import arrival_order

CELL = 14_000


class Cluster(Search):
    """Columns with their best choice so far and a proven bound, improved cell by cell.

    Requests that could go to several cells are *shared*. Pricing their rows out (Lagrange) makes the cells
    independent: for any price m ≥ 0 of each shared request, Σ m + Σ over cells of the best choice at
    value − m bounds every plan, and it is the stronger the better the cells are solved in whole numbers.
    """

    def __init__(self, columns: Columns, caps: Ints | None) -> None:
        super().__init__(columns, caps)
        self.bound = int(highest_each(columns, columns.value))
        self.prices: Prices | None = None
        self.cells: list[Ints] = []
        self._total = self.bound
        self._best: tuple[int, Ints, Ints] | None = None
        self._reach = 1.0

    @property
    def closed(self) -> bool:
        """Whether the choice is proven to be the best."""
        return self.value >= self.bound

    @property
    def batch(self) -> int:
        """Regions to decide in one pass."""
        return 2 * len(self.cells)

    @property
    def settled(self) -> bool:
        """Whether the cells have nothing more to say at these prices."""
        return all(p.closed or p.tries > 1 for p in self.pieces)

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
        at = locate(self.columns, found.columns)
        self.begin_from(at[np.lexsort((loss[at], -np.round(found.share, 6)))])

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
        self.cut(CELL // 4)
        requests, owners = self.requests, int(self.columns.owner.max(initial=0)) + 1
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
        super().merge()
        picked = [cell[p.chosen] for cell, p in zip(self.cells, self.pieces, strict=True)]
        every = np.concatenate(picked)
        every = every[np.argsort(-self.columns.value[every], kind="stable")]
        self.begin_from(np.concatenate([every, self.table.chosen()]))

    def losses(self) -> Ints:
        """What the present choice loses against the bound, by node: where there may be something to gain."""
        lost = self.refused()
        at = np.zeros(len(self.columns), dtype=bool)
        at[self.table.chosen()] = True
        for cell, piece in zip(self.cells, self.pieces, strict=True):
            dual = piece.dual()
            if dual is None:
                continue
            reduced, unused, clique_column = dual(at[cell])
            node = self.node[cell]
            np.add.at(lost, node[at[cell]], -np.minimum(reduced[at[cell]], 0.0))
            np.add.at(lost, node[clique_column], unused)
        return lost
