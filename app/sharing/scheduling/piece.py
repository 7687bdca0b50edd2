"""One part of the problem, small enough for a whole-number solver: relax, round, fix, choose."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from app.sharing.scheduling.crew import Crew
from app.sharing.scheduling.models import Relaxed, choose, relax
from app.sharing.scheduling.placing import Columns, Ints
from app.sharing.scheduling.rows import Rows, rows
from app.sharing.scheduling.timetable import Timetable, by_density

_SLACK = 1e-4  # the relaxation is solved in binary floats; worths are whole numbers


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
        self._keep(_filled(self.columns, self.caps, by_density(self.columns)))
        self._rows = rows(self.columns, self.caps)
        found = relax(self._rows, self.columns.value, seconds=crew.limit(), stop=crew.stop)
        if found is None:
            return
        self._relaxed = found
        slack = self._reduced()
        self.relaxed_bound = float(found.prices @ self._rows.most) + highest_each(self.columns, slack)
        self.bound = min(self.bound, int(np.floor(self.relaxed_bound + 10 * _SLACK)))
        order = np.lexsort((-slack, -np.round(found.share, 6)))
        self._keep(_filled(self.columns, self.caps, order.tolist()))

    def improve(self, crew: Crew, effort: float, seed: int) -> None:
        """Let the whole-number solver look for a better choice, or prove that there is none."""
        self.relax(crew)
        if self.closed or crew.over:
            return
        self.tries += 1
        if self._relaxed is None or self._rows is None:
            return
        gap = (
            self.relaxed_bound - self.value
        )  # nothing as good as what we have loses more against the relaxation
        kept = np.flatnonzero(self._reduced() >= -gap - _SLACK)
        inner = self.columns.take(kept)
        model = rows(inner, self.caps)
        dear = np.unique(self.columns.request)[self._relaxed.prices[: self._rows.requests] > gap + _SLACK]
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
        moments = np.flatnonzero(paid[model.requests :] > _SLACK) + model.requests

        def losses(mask: Ints) -> tuple[Ints, Ints, Ints]:
            used = model.matrix @ mask.astype(float)
            unused = paid[moments] * np.maximum(model.most[moments] - used[moments], 0.0)
            return reduced, unused, model.matrix.indices[model.matrix.indptr[moments]]

        return losses

    def _reduced(self) -> Ints:
        assert self._relaxed is not None and self._rows is not None
        return self.columns.value - self._rows.matrix.T @ self._relaxed.prices

    def _keep(self, chosen: Ints) -> None:
        value = int(self.columns.value[chosen].sum())
        if value > self.value:
            self.chosen, self.value = np.sort(chosen), value


def _filled(columns: Columns, caps: Ints | None, order: list[int]) -> Ints:
    table = Timetable(columns, caps)
    table.fill(order)
    return table.chosen()


def highest_each(columns: Columns, of: Ints) -> float:
    """Sum over the requests of the highest of these numbers among its columns, where above 0."""
    if not len(columns):
        return 0.0
    firsts = np.flatnonzero(np.r_[True, columns.request[1:] != columns.request[:-1]])
    return float(np.maximum(np.maximum.reduceat(of, firsts), 0).sum())
