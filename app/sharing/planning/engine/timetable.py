"""The plan under construction: who sits where, what still fits, and filling up by a given order."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator

import numpy as np

from app.sharing.planning.engine.places import Columns, Ints, best_of_each


class Timetable:
    """Chosen columns, at most one per request, never in each other's way; one bit per slot and instrument."""

    def __init__(self, columns: Columns, caps: Ints | None = None) -> None:
        self.columns = columns
        self.value = 0
        self.place: dict[int, int] = {}
        self._caps = None if caps is None else caps.tolist()
        self._taken: dict[int, int] = {}
        self._used: dict[int, int] = {}
        self._quotas = columns.quotas
        self._left = [] if columns.quotas is None else columns.quotas.most.tolist()
        self._request = _compact(columns.request)
        self._instrument = _compact(columns.instrument)
        self._start = _compact(columns.start)
        self._end = _compact(columns.end)
        self._work = _compact(columns.work)
        self._value = _compact(columns.value)
        self._owner = _compact(columns.owner)

    def fresh(self) -> Timetable:
        """An empty timetable over the same columns."""
        other = copy.copy(self)
        other.clear()
        return other

    def clear(self) -> None:
        self.value, self.place, self._taken, self._used = 0, {}, {}, {}
        self._left = [] if self._quotas is None else self._quotas.most.tolist()

    def fits(self, column: int) -> bool:
        """Whether the column's request is free and nothing stands in its way."""
        if self._request[column] in self.place:
            return False
        if self._taken.get(self._instrument[column], 0) & self._mask(column):
            return False
        owner = self._owner[column]
        if self._caps is None or owner < 0:
            return self._within_quotas(column)
        if self._used.get(owner, 0) + self._work[column] > self._caps[owner]:
            return False
        return self._within_quotas(column)

    def add(self, column: int) -> None:
        """Place it; the caller has asked `fits`."""
        self._turn(column, 1)
        self.place[self._request[column]] = column

    def drop(self, request: int) -> int:
        """Take a request's place away; the column it had."""
        column = self.place.pop(request)
        self._turn(column, -1)
        return column

    def fill(self, order: Iterable[int]) -> None:
        """Add whatever still fits, in this order."""
        for column in order:
            if self.fits(column):
                self.add(column)

    def used(self, owner: int) -> int:
        """Slots an enterprise has so far."""
        return self._used.get(owner, 0)

    def chosen(self) -> Ints:
        """The chosen columns, ascending."""
        return np.array(sorted(self.place.values()), dtype=np.int64)

    def _within_quotas(self, column: int) -> bool:
        return all(slots <= self._left[q] for q, slots in self._inside(column))

    def _inside(self, column: int) -> Iterator[tuple[int, int]]:
        """The numbers of the quotas a column takes slots of, and how many."""
        if self._quotas is None:
            return
        start, end = self._start[column], self._start[column] + self._work[column]
        for q, first, last, only in self._quotas.of(self._request[column]):
            slots = min(end, last) - max(start, first)
            if slots > 0 and (only is None or self._instrument[column] in only):
                yield q, slots

    def _mask(self, column: int) -> int:
        return (1 << self._end[column]) - (1 << self._start[column])

    def _turn(self, column: int, sign: int) -> None:
        instrument, owner = self._instrument[column], self._owner[column]
        self._taken[instrument] = self._taken.get(instrument, 0) ^ self._mask(column)
        self._used[owner] = self._used.get(owner, 0) + sign * self._work[column]
        self.value += sign * self._value[column]
        for q, slots in self._inside(column):
            self._left[q] -= sign * slots


def _compact(numbers: Ints) -> memoryview:
    """The same numbers, read one by one: quicker than numpy's own access, and no copy."""
    return memoryview(np.ascontiguousarray(numbers))  # type: ignore[arg-type]


def filling_order(columns: Columns, most: int = 40) -> Ints:
    """The columns by value per occupied slot, highest first; of each request only the most valuable ones."""
    which = np.flatnonzero(best_of_each(columns, columns.value, most))
    density = columns.value[which] / (columns.end[which] - columns.start[which])
    order: Ints = which[np.argsort(-density, kind="stable")]
    return order


def arrival_order(columns: Columns, most: int = 40) -> Ints:
    """Request by request as they stand, each with its most valuable columns first: what first come does."""
    which = np.flatnonzero(best_of_each(columns, columns.value, most))
    order: Ints = which[np.lexsort((-columns.value[which], columns.request[which]))]
    return order
