"""What each request, moment and cap is worth at the margin: prices from the relaxation, also of very large parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.sharing.planning.engine.caps import best_by_length, capped_bound
from app.sharing.planning.engine.crew import Crew
from app.sharing.planning.engine.places import Columns, Ints, Places, best_of_each, joined
from app.sharing.planning.engine.programs import relax
from app.sharing.planning.engine.rows import clique_points, rows

WHOLE = 800_000  # columns up to which the relaxation may be solved in one go …
WHOLE_EACH = 200  # … and columns per request: with many more, few of them matter and sifting is quicker
ALWAYS_WHOLE = 100_000
FEW, ADDED = 10, 10  # columns per request that sifting starts with, and that it adds in a round
ROUGHLY, NEARLY = (
    1e-3,
    2e-4,
)  # accuracy of the relaxations of sifting: of the first one, and the best that is asked for
TIME_RATIO = 0.35  # of the time left for one relaxation
SIFTING_RATIO = 0.4  # of the whole time
ROUNDS = 15
CLOSE = 3e-4


@dataclass(frozen=True)
class Prices:
    """Dual prices, and what they prove.

    `request[r]` and `owner[o]` are by number; the price of a moment sits at `points` (sorted keys
    instrument · `width` + slot) with running sums in `total`, one longer. No choice is worth more than `bound`.
    `quota[q]` is the price of a slot of a quota.
    `overshoot[r]` is the part of `request[r]` that columns outside of the relaxation made necessary.
    """

    request: Ints
    owner: Ints
    points: Ints
    total: Ints
    width: int
    bound: float
    overshoot: Ints
    quota: Ints

    def moments(self, columns: Columns) -> Ints:
        """The prices of the moments each column occupies."""
        base = columns.instrument.astype(np.int64) * self.width
        first = np.searchsorted(self.points, base + columns.start)
        last = np.searchsorted(self.points, base + columns.end)
        paid: Ints = self.total[last] - self.total[first]
        return paid

    def reduced(self, columns: Columns) -> Ints:
        """Value minus the prices of everything a column uses; a choice loses the sum of what is below 0."""
        capped = np.where(columns.owner >= 0, self.owner[columns.owner], 0.0) * columns.work
        left: Ints = columns.value - self.request[columns.request] - self.moments(columns) - capped
        if columns.quotas is not None and self.quota.any():
            use = columns.quotas.use(columns)
            np.subtract.at(left, use.column, self.quota[use.quota] * use.slots)
        return left


@dataclass(frozen=True)
class Priced:
    """Prices with the solution they come from: the shares of these columns, all others 0."""

    prices: Prices
    columns: Columns
    share: Ints


def prices(columns: Columns, caps: Ints | None, crew: Crew) -> Priced | None:
    """Solve the relaxation; of very many columns by sifting.

    None when the time did not suffice.
    """
    each = len(columns) / len(np.unique(columns.request))
    if len(columns) <= WHOLE and (each <= WHOLE_EACH or len(columns) <= ALWAYS_WHOLE):
        return _solved(columns, columns, caps, crew)
    return sifted(columns, None, caps, crew)


def sifted(source: Columns | Places, begin: Columns | None, caps: Ints | None, crew: Crew) -> Priced | None:
    """Solve the relaxation over few columns first, then over those as well that pay at its prices, and so on.

    What the bound needs is one pass over all columns, a chunk at a time. None when there was no time for the first one.

    Parameters
    ----------
    begin : Columns, optional
        Columns to begin with as well, such as those of a plan.
    """
    first = [] if begin is None else [begin]
    for chunk in source.chunks():
        keep = best_of_each(chunk, chunk.value, FEW) | best_of_each(chunk, _scattered(len(chunk)), FEW)
        first.append(chunk.take(keep))
    active = joined(first)
    best: Priced | None = None
    near = ROUGHLY
    for _ in range(ROUNDS):
        found = _solved(source, active, caps, crew, near)
        if found is None:
            return best
        reached = float(active.value @ found.share)
        if best is None or found.prices.bound < best.prices.bound:
            best = found
        open_ratio = (best.prices.bound - reached) / max(1.0, reached)
        if open_ratio <= CLOSE or crew.over or crew.spent > SIFTING_RATIO * crew.seconds:
            return best
        near = min(near, max(NEARLY, open_ratio / 10))
        active = joined([active, *_paying(source, found.prices)])
    return best


def _paying(source: Columns | Places, found: Prices) -> Iterator[Columns]:
    """Of each request the columns that pay most at these prices."""
    for chunk in source.chunks():
        # `reduced` is 0 at most once every request pays its overshoot; what pays is at the old price of the request
        overshoot = found.reduced(chunk) + found.overshoot[chunk.request]
        yield chunk.take(best_of_each(chunk, overshoot, ADDED, above=1e-6))


def _scattered(count: int) -> Ints:
    """Numbers without order, the same every time (multiplicative hashing, Knuth)."""
    return (np.arange(count, dtype=np.uint64) * np.uint64(2654435761)) % np.uint64(2**32)


def _solved(
    source: Columns | Places, part: Columns, caps: Ints | None, crew: Crew, near: float | None = None
) -> Priced | None:
    """The relaxation over a part of the columns, its prices made good for all of them."""
    model = rows(part, caps)
    found = relax(model, part.value, seconds=crew.limit(TIME_RATIO), stop=crew.stop, near=near)
    if found is None:
        return None
    requests, _, width, owners = source.extent
    request, owner = np.zeros(requests), np.zeros(max(1, owners))
    request[np.unique(part.request)] = found.prices[: model.requests]
    points, width = clique_points(part, width)
    paid_moments = found.prices[model.requests : model.requests + len(points)]
    rest = found.prices[model.requests + len(points) :]
    if caps is not None:
        owner[np.unique(part.owner[part.owner >= 0])] = rest[: len(rest) - len(model.quotas)]
    quota, quotas_paid = np.zeros(0), 0.0
    if part.quotas is not None:
        quota = np.zeros(len(part.quotas))
        quota[model.quotas] = rest[len(rest) - len(model.quotas) :]
        quotas_paid = float(quota @ part.quotas.most)
    points = _middles(part, points, width)
    total = np.r_[0.0, np.cumsum(paid_moments)]
    over = np.zeros_like(request)
    first = Prices(request, owner, points, total, width, 0.0, over, quota)
    paying: list[Columns] = []
    for chunk in source.chunks():
        highest(chunk, first.reduced(chunk), over)
        if caps is not None:
            paying.append(chunk.take(best_by_length(chunk, chunk.value - first.moments(chunk))))
    # whoever pays at these prices pays more for being served: all is covered again
    paid = float(paid_moments.sum())
    capped = 0.0 if caps is None else float(owner @ caps[: len(owner)])
    bound = float((request + over).sum()) + paid + capped + quotas_paid
    if caps is not None:
        few = joined(paying)
        bound = min(bound, capped_bound(few, few.value - first.moments(few), caps, paid))
    return Priced(Prices(request + over, owner, points, total, width, bound, over, quota), part, found.share)


def _middles(part: Columns, points: Ints, width: int) -> Ints:
    """The middle of the time during which all columns of a clique overlap: there its price meets the most others."""
    closings = np.unique(part.instrument.astype(np.int64) * width + part.end)
    following = closings[np.searchsorted(closings, points, side="right")]
    middles: Ints = points + (following - 1 - points) // 2
    return middles


def highest(columns: Columns, of: Ints, into: Ints) -> None:
    """Raise the numbers by request to the highest of these numbers among its columns."""
    firsts = np.flatnonzero(np.r_[True, columns.request[1:] != columns.request[:-1]])
    np.maximum.at(into, columns.request[firsts], np.maximum.reduceat(of, firsts))
