"""Every place a request could take (request, instrument, start, value), as arrays: the columns of all models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.sharing.scheduling.model import Instance, Instrument
from app.sharing.scheduling.worth import (
    cheapest_price,
    delay_cost,
    full_worth,
    price_cost,
    reference_slot,
    slots_needed,
)

Ints = NDArray[Any]


@dataclass(frozen=True)
class Columns:
    """Feasible placements with a value above 0, sorted by request, instrument, start.

    `request`, `instrument` and `owner` (enterprise) are positions; a placement occupies the slots [start, end)
    of its instrument, buffer included and cut at the horizon; `work` are its slots without the buffer.
    """

    request: Ints
    instrument: Ints
    start: Ints
    end: Ints
    work: Ints
    value: Ints
    owner: Ints

    def __len__(self) -> int:
        return len(self.request)

    def take(self, which: Ints) -> Columns:
        """The columns at these positions (or where a mask is true)."""
        return Columns(
            self.request[which],
            self.instrument[which],
            self.start[which],
            self.end[which],
            self.work[which],
            self.value[which],
            self.owner[which],
        )


class FreeTime:
    """Where an instrument can take a booking of a given length, remembered per length."""

    def __init__(self, instrument: Instrument, slots: int) -> None:
        self.buffer = instrument.buffer_slots
        self.slots = slots
        is_open = np.zeros(slots, dtype=bool)
        for lo, hi in instrument.open:
            is_open[lo:hi] = True
        calm = np.ones(slots, dtype=bool)
        for lo, hi in instrument.busy:
            calm[lo:hi] = False
        self.workable_until = _run_ends(is_open & calm)
        self.calm_until = _run_ends(calm)
        self._starts: dict[int, Ints] = {}

    def starts(self, work: int) -> Ints:
        """The slots at which `work` slots and the buffer after them are free, ascending."""
        found = self._starts.get(work)
        if found is None:
            first = np.arange(max(0, self.slots - work + 1))
            fits = self.workable_until[first] >= first + work
            fits &= self.calm_until[first] >= np.minimum(first + work + self.buffer, self.slots)
            found = self._starts[work] = first[fits].astype(np.int32)
        return found


def _run_ends(free: NDArray[np.bool_]) -> Ints:
    """For each slot the end of the run of true values that contains it (the slot itself where false)."""
    slots = len(free)
    ends = np.where(free, slots, np.arange(slots))
    return np.minimum.accumulate(ends[::-1])[::-1]


def placements(
    instance: Instance, *, requests: set[int] | None = None, instruments: set[int] | None = None
) -> Columns:
    """All feasible placements worth more than nothing; of some requests or instruments only, where given.

    Complexity: time and memory proportional to their number, plus instruments × slots.
    """
    by_id = {i.id: n for n, i in enumerate(instance.instruments)}
    named = {i.id: i for i in instance.instruments}
    owners = {e: n for n, e in enumerate(sorted({r.enterprise for r in instance.requests}))}
    free: dict[int, FreeTime] = {}
    cap = instance.max_slots_per_enterprise
    starts: list[Ints] = []
    rows: list[tuple[int, int, int, int, int, int, int, int]] = []
    for r, request in enumerate(instance.requests):
        if requests is not None and r not in requests:
            continue
        cheapest = cheapest_price(request, named)
        full, late, wanted = full_worth(request), delay_cost(request), reference_slot(request)
        for name in sorted(request.eligible, key=by_id.__getitem__):
            i = by_id[name]
            if instruments is not None and i not in instruments:
                continue
            if i not in free:
                free[i] = FreeTime(instance.instruments[i], instance.slots)
            work = slots_needed(request.duration_slots, instance.instruments[i].efficiency)
            if work > instance.slots or (cap is not None and work > cap):
                continue
            base = full - price_cost(request, instance.instruments[i], cheapest)
            possible = free[i].starts(work)
            reach = (base - 1) // late  # delay that still leaves some value
            for lo, hi in request.windows:
                low, high = max(lo, wanted - reach), min(hi - work, wanted + reach)
                a, b = np.searchsorted(possible, (low, high + 1))
                if a < b:
                    starts.append(possible[a:b])
                    rows.append((r, i, work, free[i].buffer, base, late, wanted, owners[request.enterprise]))
    if not rows:
        none = np.zeros(0, dtype=np.int32)
        return Columns(none, none, none, none, none, none.astype(np.int64), none)
    table = np.array(rows, dtype=np.int64)
    counts = np.array([len(s) for s in starts])
    run = np.repeat(np.arange(len(rows)), counts)
    start = np.concatenate(starts)
    value = np.repeat(table[:, 4], counts) - np.repeat(table[:, 5], counts) * np.abs(start - table[run, 6])
    end = np.minimum(start + (table[:, 2] + table[:, 3])[run], instance.slots)
    small = table.astype(np.int32)
    return Columns(
        small[run, 0], small[run, 1], start, end.astype(np.int32), small[run, 2], value, small[run, 7]
    )


def best_of_each(columns: Columns, of: Ints, most: int, above: float | None = None) -> Ints:
    """A mask of the columns with the highest of these numbers, at most so many per request, only those above a limit."""
    which = np.arange(len(columns)) if above is None else np.flatnonzero(of > above)
    order = which[np.lexsort((-of[which].astype(float), columns.request[which]))]
    request = columns.request[order]
    first = np.flatnonzero(np.r_[True, request[1:] != request[:-1]]) if len(order) else order
    rank = np.arange(len(order)) - np.repeat(first, np.diff(np.r_[first, len(order)]))
    found = np.zeros(len(columns), dtype=bool)
    found[order[rank < most]] = True
    return found
