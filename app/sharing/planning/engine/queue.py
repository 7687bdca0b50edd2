"""What happens without a plan: whoever asks first is served first. The measure every plan is held against."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from app.sharing.planning.engine.model import Assignment, Instance, Plan, Rejection, Request
from app.sharing.planning.engine.quotas import Account
from app.sharing.planning.engine.worth import (
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
    >>> from app.sharing.planning.engine.model import Instrument
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
        bound += (alone.best(request) or (0,))[0]
        only = reference_slot(request) if choosing == "preferred" else None
        best = board.best(request, only)
        if best is None:
            rejected.append(Rejection(request.id, ({"code": "taken"},)))
            continue
        worth, start, number, work = best
        board.occupy(request, number, start, work)
        assignments.append(Assignment(request.id, instance.instruments[number].id, start, work))
        value += worth
    seconds = time.perf_counter() - began
    return Plan("feasible", value, bound, seconds, tuple(assignments), tuple(rejected))


def queues(instance: Instance) -> list[list[int]]:
    """The orders a patient queue could be served in: as asked, the most valuable slots first, of these the longest first."""
    asked = instance.requests
    return [
        list(range(len(asked))),
        sorted(range(len(asked)), key=lambda n: -asked[n].priority),
        sorted(range(len(asked)), key=lambda n: (-asked[n].priority, -asked[n].duration_slots)),
    ]


class Board:
    """Who sits where so far: per instrument one bit per slot."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._named = {i.id: i for i in instance.instruments}
        self._number = {i.id: n for n, i in enumerate(instance.instruments)}
        self._closed = [_all(instance.slots) & ~_bits(i.open) for i in instance.instruments]
        self._taken = [_bits(i.busy) for i in instance.instruments]
        self._used: dict[str, int] = {}
        self.account = Account(instance)

    def places(self, request: Request) -> list[tuple[int, int, int, int]]:
        """Free places of positive worth as (worth, start, instrument number, slots)."""
        found: list[tuple[int, int, int, int]] = []
        late, wanted = delay_cost(request), reference_slot(request)
        for base, number in self._bases(request):
            for work, first, free in self._free(request, number):
                for start in _set_bits(free, first):
                    worth = base - late * abs(start - wanted)
                    if worth > 0:
                        found.append((worth, start, number, work))
        return found

    def best(self, request: Request, only: int | None = None) -> tuple[int, int, int, int] | None:
        """The free place worth most, of equals the earliest, then the one on the first instrument; at one start only, if given.

        On an instrument that is the free start nearest to the wanted one, so no start is looked at one by one.
        """
        late, wanted = delay_cost(request), reference_slot(request)
        found: tuple[int, int, int, int] | None = None
        for base, number in self._bases(request):
            if base <= 0 or (found and base < found[0]):
                break
            for work, first, free in self._free(request, number):
                for start in _nearest(free, first, wanted):
                    worth = base - late * abs(start - wanted)
                    if worth <= 0 or (only is not None and start != only):
                        continue
                    if found is None or (worth, -start, -number) > (found[0], -found[1], -found[2]):
                        found = (worth, start, number, work)
        return found

    def _bases(self, request: Request) -> list[tuple[int, int]]:
        """Per eligible instrument its worth without delay and its number, the most valuable first."""
        cheapest, full = cheapest_price(request, self._named), full_worth(request)
        named, number = self._named, self._number
        rows = (
            (full - price_cost(request, named[name], cheapest), number[name]) for name in request.eligible
        )
        return sorted(rows, key=lambda row: (-row[0], row[1]))

    def has_start(self, request: Request) -> bool:
        """Whether it could start anywhere, whatever that is worth."""
        return any(
            free for name in request.eligible for _, _, free in self._free(request, self._number[name])
        )

    def _free(self, request: Request, number: int) -> Iterator[tuple[int, int, int]]:
        """Per window: slots, first start, and a bit per start that is free on this instrument."""
        cap, instrument = self.instance.max_slots_per_enterprise, self.instance.instruments[number]
        work = slots_needed(request.duration_slots, instrument.efficiency)
        if cap is not None and self._used.get(request.enterprise, 0) + work > cap:
            return
        blocked = None
        for lo, hi in request.windows:
            if hi - lo < work:
                continue
            if blocked is None:
                blocked = _blocked_starts(self._closed[number] | self._taken[number], work)
                blocked |= _blocked_starts(self._taken[number], work + instrument.buffer_slots)
                for first, last in self.account.forbidden(request.enterprise, instrument.id, work):
                    blocked |= (1 << last) - (1 << first)
            yield work, lo, (~blocked >> lo) & ((1 << (hi - work - lo + 1)) - 1)

    def occupy(self, request: Request, number: int, start: int, work: int) -> None:
        """Take the slots and the buffer after them."""
        end = min(start + work + self.instance.instruments[number].buffer_slots, self.instance.slots)
        self._taken[number] |= _bits(((start, end),))
        self._used[request.enterprise] = self._used.get(request.enterprise, 0) + work
        self.account.take(request.enterprise, self.instance.instruments[number].id, start, work)


def _all(slots: int) -> int:
    return (1 << slots) - 1


def _bits(intervals: Iterable[tuple[int, int]]) -> int:
    return sum((1 << hi) - (1 << lo) for lo, hi in intervals)


def _set_bits(bits: int, offset: int) -> Iterator[int]:
    digits = f"{bits:b}"[::-1]  # searching text stays linear where the horizon is long
    at = digits.find("1")
    while at >= 0:
        yield offset + at
        at = digits.find("1", at + 1)


def _nearest(bits: int, offset: int, wanted: int) -> Iterator[int]:
    """The set bits next to the wanted one: the last up to it and the first after it, where there are such.

    >>> list(_nearest(0b100110, 10, 13)), list(_nearest(0b100110, 10, 7)), list(_nearest(0, 10, 13))
    ([12, 15], [11], [])
    """
    reach = max(0, wanted - offset + 1)
    before, after = bits & ((1 << reach) - 1), bits >> reach
    if before:
        yield offset + before.bit_length() - 1
    if after:
        yield offset + reach + (after & -after).bit_length() - 1


def _blocked_starts(taken: int, length: int) -> int:
    """Bit s is set when one of the slots [s, s + length) is taken (slots beyond the horizon never are)."""
    reach, blocked = 1, taken
    while reach < length:
        step = min(reach, length - reach)
        blocked |= blocked >> step
        reach += step
    return blocked
