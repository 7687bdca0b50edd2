"""One part of the problem, small enough for a whole-number solver: relax, round, fix, choose."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from app.sharing.planning.engine.caps import capped_bound
from app.sharing.planning.engine.core import Core
from app.sharing.planning.engine.crew import Crew
from app.sharing.planning.engine.places import Columns, Ints, locate
from app.sharing.planning.engine.programs import Relaxed, choose, relax
from app.sharing.planning.engine.rows import Rows, rows
from app.sharing.planning.engine.timetable import Timetable, arrival_order, filling_order

SLACK = 1e-4  # the relaxation is solved in binary floats; worths are whole numbers
CORE_FROM = 6  # columns per request within the gap above which the core is decided first


class Piece:
    """Columns with their best choice so far and a proven bound on every choice.

    Attributes
    ----------
    chosen : positions of columns
    value, bound : int
        Sum of the chosen values; no choice is worth more than `bound`.
    """

    def __init__(self, columns: Columns, caps: Ints | None, chosen: Ints | None = None) -> None:
        self.columns = columns
        self.caps = caps
        self.chosen = np.zeros(0, dtype=np.int64) if chosen is None else chosen
        self.value = int(columns.value[self.chosen].sum())
        self.started = self.value
        self.bound = int(highest_each(columns, columns.value))
        self.relaxed_bound = float(self.bound)
        self.tries = 0
        self._rows: Rows | None = None
        self._relaxed: Relaxed | None = None

    @property
    def closed(self) -> bool:
        """Whether the choice is proven to be the best."""
        return self.value >= self.bound

    def relax(self, crew: Crew) -> None:
        """Bound by linear relaxation; round it and fill up."""
        if self._relaxed is not None or self.closed:
            return
        for order in (filling_order(self.columns), arrival_order(self.columns)):
            self._keep(_filled(self.columns, self.caps, order))
        self._rows = rows(self.columns, self.caps)
        found = relax(self._rows, self.columns.value, seconds=crew.limit(), stop=crew.stop)
        if found is None:
            return
        self._relaxed = found
        slack = self._reduced()
        self.relaxed_bound = float(found.prices @ self._rows.most) + highest_each(self.columns, slack)
        self.bound = min(self.bound, int(np.floor(self.relaxed_bound + 10 * SLACK)))
        if self.caps is not None and not self.closed:
            self.bound = min(self.bound, int(np.floor(self._bound_of_caps() + 10 * SLACK)))
        order = np.lexsort((-slack, -np.round(found.share, 6)))
        self._keep(_filled(self.columns, self.caps, order))

    def improve(self, crew: Crew, effort: float, seed: int) -> None:
        """Let the whole-number solver look for a better choice, or prove that there is none."""
        self.relax(crew)
        if self.closed or crew.over or self._relaxed is None or self._rows is None:
            return
        self.tries += 1
        if self.tries == 1 and np.count_nonzero(self._within_gap()) > CORE_FROM * self._rows.requests:
            found = Core(self.columns, self.caps, -self._reduced()).improve(self.chosen, crew, effort, seed)
            if found is not None:
                self._keep(found)
        self._decide(crew, effort, seed)

    def _within_gap(self) -> Ints:
        """A mask of the columns that a better choice could use: any other loses more than the gap."""
        within: Ints = self._reduced() >= -(self.relaxed_bound - self.value) - SLACK
        return within

    def _decide(self, crew: Crew, effort: float, seed: int) -> None:
        """Choose among the columns within the gap."""
        assert self._relaxed is not None and self._rows is not None
        if self.closed or crew.over:
            return
        kept = np.flatnonzero(self._within_gap())
        inner = self.columns.take(kept)
        model = rows(inner, self.caps)
        gap = self.relaxed_bound - self.value
        dear = np.unique(self.columns.request)[self._relaxed.prices[: self._rows.requests] > gap + SLACK]
        must = np.flatnonzero(np.isin(np.unique(inner.request), dear))
        at = np.searchsorted(kept, self.chosen)
        hint = at[kept[np.minimum(at, len(kept) - 1)] == self.chosen]
        answer = choose(
            model,
            inner.value,
            seconds=crew.limit(),
            effort=effort,
            seed=seed,
            hint=hint,
            must=must,
            stop=crew.stop,
        )
        if answer is None:
            return
        if answer.impossible:
            self.bound = self.value
            return
        self.bound = min(self.bound, max(answer.bound, self.value))
        if answer.columns is not None:
            self._keep(kept[answer.columns])

    def start(self, plan: Columns) -> None:
        """Begin with what of this plan belongs here, where that is better than the present choice."""
        self._keep(locate(self.columns, plan))

    def learn(self, chosen: Ints, bound: int) -> None:
        """Take over a choice and a bound found elsewhere, where they are better."""
        self._keep(chosen)
        self.bound = min(self.bound, max(bound, self.value))

    def dual(self) -> Callable[[Ints], tuple[Ints, Ints, Ints]] | None:
        """For a choice (a mask): reduced values, worth of unused moments, and a column of each of these moments."""
        if self._relaxed is None or self._rows is None:
            return None
        model, paid = self._rows, self._relaxed.prices
        reduced = self._reduced()
        moments = np.flatnonzero(paid[model.requests :] > SLACK) + model.requests

        def losses(mask: Ints) -> tuple[Ints, Ints, Ints]:
            used = model.matrix @ mask.astype(float)
            unused = paid[moments] * np.maximum(model.most[moments] - used[moments], 0.0)
            return reduced, unused, model.matrix.indices[model.matrix.indptr[moments]]

        return losses

    def _reduced(self) -> Ints:
        assert self._relaxed is not None and self._rows is not None
        return self.columns.value - self._rows.matrix.T @ self._relaxed.prices

    def _bound_of_caps(self) -> float:
        assert self._relaxed is not None and self._rows is not None and self.caps is not None
        moments = self._rows.moments
        paid = self._relaxed.prices[moments]
        worth = self.columns.value - self._rows.matrix[moments].T @ paid
        return capped_bound(self.columns, worth, self.caps, float(paid.sum()))

    def _keep(self, chosen: Ints) -> None:
        value = int(self.columns.value[chosen].sum())
        if value > self.value:
            self.chosen, self.value = np.sort(chosen), value


def _filled(columns: Columns, caps: Ints | None, order: Ints) -> Ints:
    table = Timetable(columns, caps)
    table.fill(order.tolist())
    return table.chosen()


def highest_each(columns: Columns, of: Ints) -> float:
    """Sum over the requests of the highest of these numbers among its columns, where above 0."""
    if not len(columns):
        return 0.0
    firsts = np.flatnonzero(np.r_[True, columns.request[1:] != columns.request[:-1]])
    return float(np.maximum(np.maximum.reduceat(of, firsts), 0).sum())
