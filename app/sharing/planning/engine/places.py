"""Every place a request could take (request, instrument, start, value), as arrays: the columns of all models."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.sharing.planning.engine.model import Instance, Instrument
from app.sharing.planning.engine.quotas import Quotas, quotas_of
from app.sharing.planning.engine.worth import (
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
    of its instrument, buffer included and cut at the horizon; `work` are its slots without the buffer. `quotas` are
    what the enterprises may take of them at most.
    """

    request: Ints
    instrument: Ints
    start: Ints
    end: Ints
    work: Ints
    value: Ints
    owner: Ints
    quotas: Quotas | None = None

    def __len__(self) -> int:
        return len(self.request)

    @property
    def extent(self) -> tuple[int, int, int, int]:
        """Above every number of a request, an instrument, a slot and an owner."""
        request, instrument, end, owner = (
            int(x.max(initial=-1)) + 1 for x in (self.request, self.instrument, self.end, self.owner)
        )
        return request, instrument, end, owner

    def chunks(self, most: int = 500_000) -> Iterator[Columns]:
        """The columns, so many at a time, in order."""
        for lo in range(0, len(self), most):
            yield self.take(slice(lo, lo + most))

    def take(self, which: Ints | slice) -> Columns:
        """The columns at these positions (or where a mask is true)."""
        return Columns(
            self.request[which],
            self.instrument[which],
            self.start[which],
            self.end[which],
            self.work[which],
            self.value[which],
            self.owner[which],
            self.quotas,
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
    ends = np.where(free, slots, np.arange(slots)).astype(np.int32)
    return np.minimum.accumulate(ends[::-1])[::-1]


class Places:
    """All feasible placements worth more than nothing, as runs of starts: columns are made of them when asked for.

    A run is a request on an instrument within one of its windows. Runs share the starts of their instrument, so what is
    kept is small however many placements there are (a few million to a hundred million on large parks with wide wishes).

    Attributes
    ----------
    table : array, one line per run
        Request, instrument, work, buffer, value without delay, cost per slot of delay, wanted start, owner.
    """

    def __init__(self, table: Ints, starts: list[Ints], slots: int, quotas: Quotas | None = None) -> None:
        self.table = table
        self.quotas = quotas
        self.slots = slots
        self._starts = starts
        self.counts = np.array([len(s) for s in starts], dtype=np.int64)

    def __len__(self) -> int:
        return int(self.counts.sum())

    @property
    def extent(self) -> tuple[int, int, int, int]:
        """Above every number of a request, an instrument, a slot and an owner."""
        top = self.table.max(axis=0, initial=-1) + 1
        return int(top[0]), int(top[1]), self.slots + 1, int(top[7])

    def of(self, runs: Ints) -> Places:
        """Only these runs, in ascending order."""
        return Places(self.table[runs], [self._starts[n] for n in runs.tolist()], self.slots, self.quotas)

    def firsts(self) -> Columns:
        """One column of each run."""
        return Places(self.table, [start[:1] for start in self._starts], self.slots, self.quotas).columns()

    def with_owners(self, owners: Ints) -> Places:
        """Other enterprises than these have the owner number −1."""
        table = self.table.copy()
        table[:, OWNER] = np.where(np.isin(table[:, OWNER], owners), table[:, OWNER], -1)
        return Places(table, self._starts, self.slots, self.quotas)

    def weighted(self, weight: Ints) -> Places:
        """The same places; the worth of each request times its weight."""
        table = self.table.copy()
        table[:, BASE : LATE + 1] *= weight[table[:, REQUEST]][:, None]
        return Places(table, self._starts, self.slots, self.quotas)

    def chunks(self, most: int = 500_000) -> Iterator[Columns]:
        """The columns, about so many at a time, in order."""
        cut = np.flatnonzero(np.diff(np.cumsum(self.counts) // most)) + 1
        edges = [0, *cut.tolist(), len(self.table)]
        for lo, hi in itertools.pairwise(edges):
            if lo < hi:
                yield self.columns(lo, hi)

    def columns(self, first: int = 0, last: int | None = None) -> Columns:
        """The columns of these runs, of all of them by default."""
        table, starts, counts = self.table[first:last], self._starts[first:last], self.counts[first:last]
        if not len(table):
            none = np.zeros(0, dtype=np.int32)
            return Columns(none, none, none, none, none, none.astype(np.int64), none, self.quotas)
        run = np.repeat(np.arange(len(table), dtype=np.int32), counts)
        start = np.concatenate(starts)
        value = table[run, BASE]
        value -= table[run, LATE] * np.abs(start - table[run, WANTED])
        small = table.astype(np.int32)
        end = np.minimum(start + (small[:, WORK] + small[:, BUFFER])[run], self.slots)
        return Columns(
            small[run, REQUEST],
            small[run, INSTRUMENT],
            start,
            end,
            small[run, WORK],
            value,
            small[run, OWNER],
            self.quotas,
        )


REQUEST, INSTRUMENT, WORK, BUFFER, BASE, LATE, WANTED, OWNER = range(8)


def places(
    instance: Instance, *, requests: set[int] | None = None, instruments: set[int] | None = None
) -> Places:
    """All feasible placements; of some requests or instruments only, where given.

    Complexity: time and memory proportional to the pairs of requests and eligible instruments, plus instruments × slots
    for each length of booking.
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
            done = -1  # last start of the windows before: where they overlap, no place comes twice
            for lo, hi in request.windows:
                low, high = max(lo, wanted - reach, done + 1), min(hi - work, wanted + reach)
                done = max(done, high)
                a, b = possible.searchsorted((low, high + 1))
                if a < b:
                    starts.append(possible[a:b])
                    rows.append((r, i, work, free[i].buffer, base, late, wanted, owners[request.enterprise]))
    return Places(np.array(rows, dtype=np.int64).reshape(-1, 8), starts, instance.slots, quotas_of(instance))


def placements(
    instance: Instance, *, requests: set[int] | None = None, instruments: set[int] | None = None
) -> Columns:
    """The columns of all feasible placements (see `places`)."""
    return places(instance, requests=requests, instruments=instruments).columns()


def joined(parts: Iterable[Columns]) -> Columns:
    """The columns of all of these, each once, in the order columns stand in."""
    listed = list(parts)
    listed = [part for part in listed if len(part)] or listed[:1]
    names = [field.name for field in dataclasses.fields(Columns) if field.name != "quotas"]
    arrays = {name: np.concatenate([getattr(part, name) for part in listed]) for name in names}
    every = Columns(quotas=listed[0].quotas, **arrays)
    return every.take(np.unique(_keys(every, every), return_index=True)[1])


def locate(columns: Columns, wanted: Columns) -> Ints:
    """The positions of the wanted columns, in their order; those that are not there are left out."""
    if not len(columns) or not len(wanted):
        return np.zeros(0, dtype=np.int64)
    here, there = _keys(columns, columns), _keys(wanted, columns)
    at = np.minimum(np.searchsorted(here, there), len(here) - 1)
    found: Ints = at[here[at] == there]
    return found


def _keys(columns: Columns, scale: Columns) -> Ints:
    """A number per column, unique and ascending in the order columns stand in."""
    machines, slots = (int(x.max(initial=0)) + 1 for x in (scale.instrument, scale.end))
    within = (columns.instrument < machines) & (columns.start < slots)
    key = (columns.request.astype(np.int64) * machines + columns.instrument) * slots + columns.start
    return np.where(within, key, -1)


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
