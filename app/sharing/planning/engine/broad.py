"""A part with too many placements to hold them all: prices by sifting, then a search among those that lose least."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from app.sharing.planning.engine.core import Core
from app.sharing.planning.engine.crew import Crew
from app.sharing.planning.engine.piece import SLACK
from app.sharing.planning.engine.places import Columns, Ints, Places, best_of_each, joined, locate
from app.sharing.planning.engine.prices import Prices, highest, sifted
from app.sharing.planning.engine.search import REGION, Search

POOL = 300_000  # columns to search among …
LEAST_EACH = 6  # … and at least so many per request


class Broad(Search):
    """Wishes that could go nearly anywhere. The bound counts every placement; the search knows a pool of them.

    Parameters
    ----------
    places : Places
    plans : iterable of Columns
        Plans to begin with, of which the better one counts.
    """

    def __init__(self, places: Places, caps: Ints | None, plans: Iterable[Columns]) -> None:
        self.places = places
        self.prices: Prices | None = None
        best = np.zeros(places.extent[0])
        seats, plans = [places.columns(0, 1)], list(plans)
        for chunk in places.chunks():
            highest(chunk, chunk.value, best)
            seats += [chunk.take(locate(chunk, plan)) for plan in plans]
        self.bound = int(best.sum())
        super().__init__(joined(seats), caps)
        for plan in plans:
            self.start(plan)

    @property
    def closed(self) -> bool:
        """Whether the choice is proven to be the best."""
        return self.value >= self.bound

    @property
    def batch(self) -> int:
        """Regions to decide in one pass."""
        return 2 * max(1, len(self.columns) // REGION)

    def relax(self, crew: Crew) -> None:
        """Price what is shared; take the columns that lose least at these prices into the pool."""
        found = sifted(self.places, self.columns, self.caps, crew)
        if found is not None:
            self.bound = min(self.bound, int(np.floor(found.prices.bound + 10 * SLACK)))
        if crew.over:
            return
        before = self.columns.take(self.chosen)
        if found is None:
            self._gather([before])
            self.start(before)
            return
        self.prices = found.prices
        used = found.columns.take(found.share > SLACK)
        self._gather([before, used])
        self.start(before)
        loss = -found.prices.reduced(self.columns)
        self.core = Core(self.columns, self.caps, loss)
        order = np.lexsort((-found.prices.reduced(used), -np.round(found.share[found.share > SLACK], 3)))
        self.begin_from(locate(self.columns, used.take(order)))

    def _gather(self, surely: list[Columns]) -> None:
        """Make the pool: these columns, and of each request those that lose least, as long as they could help."""
        each = max(LEAST_EACH, POOL // max(1, self.places.extent[0]))
        pool = list(surely)
        for chunk in self.places.chunks():
            reduced = chunk.value if self.prices is None else self.prices.reduced(chunk)
            pool.append(chunk.take(best_of_each(chunk, reduced, each, above=self.value - self.bound - 1.0)))
        super().__init__(joined(pool), self.caps)
        self.cut(REGION // 4)

    def losses(self) -> Ints:
        """What the present choice loses against the prices, by node: what it uses dearly, and what it leaves unused."""
        lost = self.refused()
        if self.prices is None:
            return lost + 1.0
        chosen = self.chosen
        placed = self.columns.take(chosen)
        np.add.at(lost, self.node[chosen], -np.minimum(self.prices.reduced(placed), 0.0))
        points, width = self.prices.points, self.prices.width
        base = placed.instrument.astype(np.int64) * width
        turns = np.zeros(len(points) + 1)
        np.add.at(turns, np.searchsorted(points, base + placed.start), 1)
        np.add.at(turns, np.searchsorted(points, base + placed.end), -1)
        unused = np.flatnonzero(np.cumsum(turns[:-1]) == 0)
        order = np.lexsort((self.columns.start, self.columns.instrument))
        keys = (self.columns.instrument.astype(np.int64) * width + self.columns.start)[order]
        near = order[np.maximum(np.searchsorted(keys, points[unused], side="right") - 1, 0)]
        np.add.at(lost, self.node[near], np.diff(self.prices.total)[unused])
        return lost
