"""What each request, moment and cap is worth at the margin: prices from the relaxation, also of very large parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.sharing.scheduling.crew import Crew
from app.sharing.scheduling.models import relax
from app.sharing.scheduling.placing import Columns, Ints
from app.sharing.scheduling.rows import clique_points, rows

WHOLE = 120_000  # columns up to which the relaxation is solved in one go however much is shared
WHOLE_LOOSE = 800_000  # … and where less than half of the requests are shared between cells
TIME_RATIO = 0.35  # of the time left for one relaxation
ROUNDS = 3
CLOSE = 2e-4


@dataclass(frozen=True)
class Prices:
    """Dual prices, and what they prove.

    `request[r]` and `owner[o]` are by number; the price of a moment sits at `points` (sorted keys
    instrument · `width` + slot) with running sums in `total`, one longer. No choice is worth more than `bound`.
    """

    request: Ints
    owner: Ints
    points: Ints
    total: Ints
    width: int
    bound: float

    def reduced(self, columns: Columns) -> Ints:
        """Value minus the prices of everything a column uses; a choice loses the sum of what is below 0."""
        base = columns.instrument.astype(np.int64) * self.width
        first = np.searchsorted(self.points, base + columns.start)
        last = np.searchsorted(self.points, base + columns.end)
        moments = self.total[last] - self.total[first]
        capped = np.where(columns.owner >= 0, self.owner[columns.owner], 0.0) * columns.work
        return columns.value - self.request[columns.request] - moments - capped


def prices(
    columns: Columns, caps: Ints | None, crew: Crew, whole: int = WHOLE
) -> tuple[Prices, Columns, Ints] | None:
    """Solve the relaxation, of very large parts by sifting: few columns first, then those that pay at its prices.

    Returns
    -------
    (prices, columns, shares) or None
        The columns of the last relaxation with their shares; None when the time did not suffice.
    """
    if len(columns) <= whole:
        found = _solved(columns, columns, caps, crew)
        if found is not None:
            return found[:3]
    active = _thinned(columns)
    best: tuple[Prices, Columns, Ints] | None = None
    for _ in range(ROUNDS):
        found = _solved(columns.take(np.flatnonzero(active)), columns, caps, crew)
        if found is None:
            return best
        reduced = found[0].reduced(columns) + found[3][columns.request]
        best = found[:3]
        value = float(found[1].value @ found[2])
        if found[0].bound - value <= CLOSE * value or crew.over:
            break
        loose = active & (reduced < -0.02 * columns.value)
        active[loose] = False
        active |= _best_of_each(columns, reduced, 8)
    return best


def _solved(
    part: Columns, columns: Columns, caps: Ints | None, crew: Crew
) -> tuple[Prices, Columns, Ints, Ints] | None:
    model = rows(part, caps)
    found = relax(model, part.value, seconds=crew.limit(TIME_RATIO), stop=crew.stop)
    if found is None:
        return None
    request = np.zeros(int(columns.request.max()) + 1)
    request[np.unique(part.request)] = found.prices[: model.requests]
    points, width = clique_points(part, int(columns.end.max()) + 1)
    moments = found.prices[model.requests : model.requests + len(points)]
    owner = np.zeros(int(columns.owner.max(initial=0)) + 1)
    owner[np.unique(part.owner[part.owner >= 0])] = found.prices[model.requests + len(points) :]
    total = np.r_[0.0, np.cumsum(moments)]
    first = Prices(request, owner, points, total, width, 0.0)
    over = _highest(columns, first.reduced(columns))
    request = request + over  # whoever pays at these prices pays more for being served: all is covered again
    bound = float(request.sum() + moments.sum() + (0.0 if caps is None else owner @ caps[: len(owner)]))
    return Prices(request, owner, points, total, width, bound), part, found.share, over


def _highest(columns: Columns, of: Ints) -> Ints:
    """By request number the highest of these numbers among its columns, 0 where none is above."""
    found = np.zeros(int(columns.request.max()) + 1)
    firsts = np.flatnonzero(np.r_[True, columns.request[1:] != columns.request[:-1]])
    found[columns.request[firsts]] = np.maximum(np.maximum.reduceat(of, firsts), 0.0)
    return found


def _thinned(columns: Columns) -> Ints:
    """For each request and instrument the three most valuable starts and six more across the rest."""
    run = np.r_[
        True,
        (columns.request[1:] != columns.request[:-1]) | (columns.instrument[1:] != columns.instrument[:-1]),
    ]
    number = np.cumsum(run) - 1
    first = np.flatnonzero(run)
    count = np.diff(np.r_[first, len(columns)])
    place = np.arange(len(columns)) - first[number]
    step = np.maximum(1, -(-count // 6))
    kept = place % step[number] == 0
    order = np.lexsort((-columns.value, number))
    rank = np.empty(len(columns), dtype=np.int64)
    rank[order] = np.arange(len(columns)) - first[number[order]]
    return kept | (rank < 3)


def _best_of_each(columns: Columns, reduced: Ints, most: int) -> Ints:
    """The columns that pay at these prices, at most so many per request."""
    paying = np.flatnonzero(reduced > 1e-6)
    order = paying[np.lexsort((-reduced[paying], columns.request[paying]))]
    request = columns.request[order]
    first = np.flatnonzero(np.r_[True, request[1:] != request[:-1]]) if len(order) else order
    rank = np.arange(len(order)) - np.repeat(first, np.diff(np.r_[first, len(order)]))
    found = np.zeros(len(columns), dtype=bool)
    found[order[rank < most]] = True
    return found
