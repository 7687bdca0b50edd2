"""What each request, moment and cap is worth at the margin: prices from the relaxation, also of very large parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.sharing.scheduling.caps import capped_bound
from app.sharing.scheduling.crew import Crew
from app.sharing.scheduling.models import relax
from app.sharing.scheduling.placing import Columns, Ints, best_of_each
from app.sharing.scheduling.rows import clique_points, rows

WHOLE = 800_000  # columns up to which the relaxation may be solved in one go …
WHOLE_EACH = 200  # … and columns per request: with many more, few of them matter and sifting is quicker
ALWAYS_WHOLE = 100_000
FEW, ADDED = 10, 10  # columns per request that sifting starts with, and that it adds in a round
TIME_RATIO = 0.35  # of the time left for one relaxation
SIFTING_RATIO = 0.4  # of the whole time
ROUNDS = 15
CLOSE = 2e-4


@dataclass(frozen=True)
class Prices:
    """Dual prices, and what they prove.

    `request[r]` and `owner[o]` are by number; the price of a moment sits at `points` (sorted keys
    instrument · `width` + slot) with running sums in `total`, one longer. No choice is worth more than `bound`.
    `overshoot[r]` is the part of `request[r]` that columns outside of the relaxation made necessary.
    """

    request: Ints
    owner: Ints
    points: Ints
    total: Ints
    width: int
    bound: float
    overshoot: Ints

    def reduced(self, columns: Columns) -> Ints:
        """Value minus the prices of everything a column uses; a choice loses the sum of what is below 0."""
        base = columns.instrument.astype(np.int64) * self.width
        first = np.searchsorted(self.points, base + columns.start)
        last = np.searchsorted(self.points, base + columns.end)
        moments = self.total[last] - self.total[first]
        capped = np.where(columns.owner >= 0, self.owner[columns.owner], 0.0) * columns.work
        return columns.value - self.request[columns.request] - moments - capped


@dataclass(frozen=True)
class Priced:
    """Prices with the solution they come from: the shares of the columns at these positions, all others 0."""

    prices: Prices
    at: Ints
    share: Ints


def prices(columns: Columns, caps: Ints | None, crew: Crew) -> Priced | None:
    """Solve the relaxation; of very many columns by sifting: few columns first, then those that pay at its prices.

    None when the time did not suffice.
    """
    each = len(columns) / len(np.unique(columns.request))
    if len(columns) <= WHOLE and (each <= WHOLE_EACH or len(columns) <= ALWAYS_WHOLE):
        return _solved(columns, np.arange(len(columns)), caps, crew)
    return _sifted(columns, caps, crew)


def _sifted(columns: Columns, caps: Ints | None, crew: Crew) -> Priced | None:
    active = best_of_each(columns, columns.value, FEW)
    active |= best_of_each(columns, _scattered(len(columns)), FEW)
    best: Priced | None = None
    for _ in range(ROUNDS):
        found = _solved(columns, np.flatnonzero(active), caps, crew)
        if found is None:
            return best
        reached = float(columns.value[found.at] @ found.share)
        if best is None or found.prices.bound < best.prices.bound:
            best = found
        if best.prices.bound - reached <= CLOSE * reached or crew.spent > SIFTING_RATIO * crew.seconds:
            return best
        # `reduced` is 0 at most once every request pays its overshoot; what pays is at the old price of the request
        overshoot = found.prices.reduced(columns) + found.prices.overshoot[columns.request]
        active |= best_of_each(columns, overshoot, ADDED, above=1e-6)
    return best


def _scattered(count: int) -> Ints:
    """Numbers without order, the same every time (multiplicative hashing, Knuth)."""
    return (np.arange(count, dtype=np.uint64) * np.uint64(2654435761)) % np.uint64(2**32)


def _solved(columns: Columns, at: Ints, caps: Ints | None, crew: Crew) -> Priced | None:
    part = columns.take(at)
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
    points = _middles(part, points, width)
    total = np.r_[0.0, np.cumsum(moments)]
    nothing = np.zeros_like(request)
    paid = float(moments.sum() + (0.0 if caps is None else owner @ caps[: len(owner)]))
    first = Prices(request, owner, points, total, width, 0.0, nothing)
    over = _highest(columns, first.reduced(columns))
    request = request + over  # whoever pays at these prices pays more for being served: all is covered again
    bound = float(request.sum()) + paid
    if caps is not None:
        alone = Prices(nothing, np.zeros_like(owner), points, total, width, 0.0, nothing)
        bound = min(bound, capped_bound(columns, alone.reduced(columns), caps, float(moments.sum())))
    return Priced(Prices(request, owner, points, total, width, bound, over), at, found.share)


def _middles(part: Columns, points: Ints, width: int) -> Ints:
    """The middle of the time during which all columns of a clique overlap: there its price meets the most others."""
    closings = np.unique(part.instrument.astype(np.int64) * width + part.end)
    following = closings[np.searchsorted(closings, points, side="right")]
    middles: Ints = points + (following - 1 - points) // 2
    return middles


def _highest(columns: Columns, of: Ints) -> Ints:
    """By request number the highest of these numbers among its columns, 0 where none is above."""
    found = np.zeros(int(columns.request.max()) + 1)
    firsts = np.flatnonzero(np.r_[True, columns.request[1:] != columns.request[:-1]])
    found[columns.request[firsts]] = np.maximum(np.maximum.reduceat(of, firsts), 0.0)
    return found
