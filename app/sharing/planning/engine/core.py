"""The core of a part: the few columns per request that lose least at given prices, decided in whole numbers at once."""

from __future__ import annotations

import numpy as np

from app.sharing.planning.engine.crew import Crew
from app.sharing.planning.engine.places import Columns, Ints
from app.sharing.planning.engine.programs import choose
from app.sharing.planning.engine.rows import rows

FIRST_EACH = 4  # columns per request, on average; doubled once the core is solved


class Core:
    """A choice among the most promising columns only; how many of them grows from call to call.

    Columns far below the prices hardly ever belong to a good plan, and among the others whole numbers come
    easily. Proves nothing about the columns it leaves out.
    """

    def __init__(self, columns: Columns, caps: Ints | None, loss: Ints) -> None:
        self._columns = columns
        self._caps = caps
        self._loss = loss
        self._requests = len(np.unique(columns.request))
        self._each = FIRST_EACH
        self.exhausted = False

    def improve(self, chosen: Ints, crew: Crew, effort: float, seed: int) -> Ints | None:
        """A choice at least as good as `chosen`, or None when there was no time for one."""
        if self.exhausted or crew.over:
            return None
        kept = self._kept(chosen)
        inner = self._columns.take(kept)
        answer = choose(
            rows(inner, self._caps),
            inner.value,
            seconds=crew.limit(),
            effort=effort,
            seed=seed,
            hint=np.searchsorted(kept, chosen),
            stop=crew.stop,
        )
        if answer is None or answer.columns is None:
            return None
        if int(inner.value[answer.columns].sum()) >= answer.bound:
            self.exhausted = len(kept) == len(self._columns)
            self._each *= 2
        found: Ints = kept[answer.columns]
        return found

    def _kept(self, chosen: Ints) -> Ints:
        count = self._each * self._requests
        if count >= len(self._columns):
            return np.arange(len(self._columns))
        least = np.argpartition(self._loss, count)[:count]
        kept: Ints = np.union1d(least, chosen)
        return kept
