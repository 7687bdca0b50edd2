"""What happens without a plan: whoever asks first is served first. The measure every plan is held against."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from app.sharing.scheduling.model import Assignment, Instance, Plan, Rejection, Request
from app.sharing.scheduling.worth import (
    cheapest_price,
    delay_cost,
    full_worth,
    price_cost,
    reference_slot,
    slots_needed,
)


def first_come(instance: Instance, *, choosing: str = "best") -> Plan:
    """Serve the requests in the order they stand in the instance.

    Parameters
    ----------
    instance : Instance
    choosing : {"best", "preferred"}
        `best`: everyone takes the most valuable place that is still free (a patient booker who looks at every
        instrument and every start). `preferred`: everyone asks for the preferred start only (the start of the
        first window without one) and goes home when no eligible instrument is free then.

    Returns
    -------
    Plan
        Status `feasible`; its bound is the sum of everyone's best place, as if alone.

    Examples
    --------
    >>> from app.sharing.scheduling.model import Instrument
    >>> lab = Instrument("I", ((0, 4),))
    >>> wishes = (Request("A", "E", 2, ((0, 4),), ("I",), 1, 1), Request("B", "F", 4, ((0, 4),), ("I",)))
    >>> plan = first_come(Instance(60, 4, (lab,), wishes))
    >>> plan.value, [a.start_slot for a in plan.assignments], plan.rejected[0].request
    (200, [1], 'B')
    """
    return in_order(instance, instance.requests, choosing=choosing)


def in_order(instance: Instance, order: Iterable[Request], *, choosing: str = "best") -> Plan:
    """Serve the requests in the given order, each at its best place still free (see `first_come`)."""
    began = time.perf_counter()
    board = Board(instance)
    assignments: list[Assignment] = []
    rejected: list[Rejection] = []
    value = bound = 0
    alone = Board(instance)
    for request in order:
        bound += max((w for w, _, _, _ in alone.places(request)), default=0)
        only = reference_slot(request) if choosing == "preferred" else None
        best = max(board.places(request, only), key=lambda p: (p[0], -p[1], -p[2]), default=None)
        if best is None:
            rejected.append(Rejection(request.id, ({"code": "taken"},)))
            continue
        worth, start, number, work = best
        board.occupy(request, number, start, work)
        assignments.append(Assignment(request.id, instance.instruments[number].id, start, work))
        value += worth
    seconds = time.perf_counter() - began
    return Plan("feasible", value, bound, seconds, tuple(assignments), tuple(rejected))


class Board:
    """Who sits where so far: per instrument one bit per slot."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._named = {i.id: i for i in instance.instruments}
        self._number = {i.id: n for n, i in enumerate(instance.instruments)}
        self._closed = [_all(instance.slots) & ~_bits(i.open) for i in instance.instruments]
        self._taken = [_bits(i.busy) for i in instance.instruments]
        self._used: dict[str, int] = {}

    def places(self, request: Request, only: int | None = None) -> list[tuple[int, int, int, int]]:
        """Free places of positive worth as (worth, start, instrument number, slots)."""
        found: list[tuple[int, int, int, int]] = []
        cheapest = cheapest_price(request, self._named)
        full, late, wanted = full_worth(request), delay_cost(request), reference_slot(request)
        for number, work, first, free in self._free(request):
            base = full - price_cost(request, self.instance.instruments[number], cheapest)
            for start in _set_bits(free, first):
                worth = base - late * abs(start - wanted)
                if worth > 0 and (only is None or start == only):
                    found.append((worth, start, number, work))
        return found

    def has_start(self, request: Request) -> bool:
        """Whether it could start anywhere, whatever that is worth."""
        return any(free for _, _, _, free in self._free(request))

    def _free(self, request: Request) -> Iterator[tuple[int, int, int, int]]:
        """Per eligible instrument and window: instrument number, slots, first start, and a bit per start that is free."""
        cap = self.instance.max_slots_per_enterprise
        for name in request.eligible:
            number, instrument = self._number[name], self._named[name]
            work = slots_needed(request.duration_slots, instrument.efficiency)
            if cap is not None and self._used.get(request.enterprise, 0) + work > cap:
                continue
            blocked = None
            for lo, hi in request.windows:
                if hi - lo < work:
                    continue
                if blocked is None:
                    blocked = _blocked_starts(self._closed[number] | self._taken[number], work)
                    blocked |= _blocked_starts(self._taken[number], work + instrument.buffer_slots)
                yield number, work, lo, (~blocked >> lo) & ((1 << (hi - work - lo + 1)) - 1)

    def occupy(self, request: Request, number: int, start: int, work: int) -> None:
        """Take the slots and the buffer after them."""
        end = min(start + work + self.instance.instruments[number].buffer_slots, self.instance.slots)
        self._taken[number] |= _bits(((start, end),))
        self._used[request.enterprise] = self._used.get(request.enterprise, 0) + work


def _all(slots: int) -> int:
    return (1 << slots) - 1


def _bits(intervals: Iterable[tuple[int, int]]) -> int:
    return sum((1 << hi) - (1 << lo) for lo, hi in intervals)


def _set_bits(bits: int, offset: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield offset + lowest.bit_length() - 1
        bits ^= lowest


def _blocked_starts(taken: int, length: int) -> int:
    """Bit s is set when one of the slots [s, s + length) is taken (slots beyond the horizon never are)."""
    reach, blocked = 1, taken
    while reach < length:
        step = min(reach, length - reach)
        blocked |= blocked >> step
        reach += step
    return blocked
