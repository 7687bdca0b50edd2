"""Says why a request got no place, and the smallest change that would give it one – tried, not guessed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import accumulate
from typing import Any

from app.sharing.planning.engine.model import Assignment, Instance, Plan, Rejection, Request
from app.sharing.planning.engine.queue import Board
from app.sharing.planning.engine.quotas import slots_inside
from app.sharing.planning.engine.worth import cheapest_price, slots_needed, worth


def value_of(instance: Instance, assignments: Iterable[Assignment]) -> int:
    """Sum of the worth of these places, as the format counts it; also of plans edited by hand.

    >>> from app.sharing.planning.engine.model import Instrument
    >>> wish = Request("R", "E", 2, ((0, 8),), ("I",))
    >>> value_of(Instance(30, 8, (Instrument("I", ((0, 8),)),), (wish,)), [Assignment("R", "I", 3, 2)])
    185
    """
    named = {i.id: i for i in instance.instruments}
    asked = {r.id: r for r in instance.requests}
    return sum(
        worth(asked[a.request], named[a.instrument], a.start_slot, cheapest_price(asked[a.request], named))
        for a in assignments
    )


def explain(
    instance: Instance, plan: Plan, *, changes: bool = True, hurried: Callable[[], bool] | None = None
) -> tuple[Rejection, ...]:
    """Give every refused request its binding reason and, where one exists, the smallest change that would fit it.

    Reasons, as `{"code": …, …}`:

    - `no_free_start`: no eligible instrument has so much free time in a row in its windows, whoever else asks.
    - `not_worthwhile`: it could start, but so late or dear that it is worth nothing.
    - `cap`: its enterprise has `used` of `cap` slots, it needs `slots`.
    - `quota`: the quota at position `quota` of the instance allows its enterprise `cap` slots from `from_slot` to
      `to_slot` on `instruments` (None: all); `used` are taken, and it needs `slots` of them where it fits otherwise.
    - `displaced`: `by` these requests, together worth `against`; its own `worth` at the place where least stands
      in its way.
    - `free_place`: it would fit at `instrument`, `start_slot` (a plan that was edited or stopped early).

    With `changes` a reason carries `change` (the smallest) and `changes` (one per kind found), each tried on the plan
    as it is: `{"kind": "shorter", "slots": fewer}`, `{"kind": "instrument", "instrument": …}`,
    `{"kind": "window", "shift_slots": …}`, with the `instrument` and `start_slot` that would be free. A slot less
    counts twice a slot of shift, another instrument as much as an hour of shift. Once `hurried` says so, `displaced` looks
    only at the place that a request would have liked best.
    """
    desk = _Desk(instance, plan)
    found = []
    for request in instance.requests:
        if request.id in desk.placed:
            continue
        reason = desk.reason(request, hurried is not None and hurried())
        if changes and reason["code"] != "free_place":
            options = sorted(desk.changes(request), key=lambda option: (option[0], option[1]["kind"]))
            if options:
                reason["change"] = options[0][1]
                reason["changes"] = [change for _, change in options]
        found.append(Rejection(request.id, (reason,)))
    return tuple(found)


class _Desk:
    """The plan laid out so that questions about it are quick to answer."""

    def __init__(self, instance: Instance, plan: Plan) -> None:
        self.instance = instance
        self.named = {i.id: i for i in instance.instruments}
        self.number = {i.id: n for n, i in enumerate(instance.instruments)}
        asked = {r.id: r for r in instance.requests}
        self.placed = {a.request for a in plan.assignments}
        self.empty, self.board = Board(instance), Board(instance)
        # without quotas, to see what they alone stand in the way of
        self.free = Board(replace(instance, quotas=())) if instance.quotas else self.board
        self.used: dict[str, int] = defaultdict(int)
        sitting: dict[str, list[tuple[int, int, str, int]]] = defaultdict(list)
        for a in plan.assignments:
            request = asked[a.request]
            for board in {id(self.board): self.board, id(self.free): self.free}.values():
                board.occupy(request, self.number[a.instrument], a.start_slot, a.slots)
            self.used[request.enterprise] += a.slots
            end = a.start_slot + a.slots + self.named[a.instrument].buffer_slots
            cheapest = cheapest_price(request, self.named)
            own = worth(request, self.named[a.instrument], a.start_slot, cheapest)
            sitting[a.instrument].append((a.start_slot, end, a.request, own))
        self.sitting = {name: sorted(rows) for name, rows in sitting.items()}
        self.starts = {name: [row[0] for row in rows] for name, rows in self.sitting.items()}
        self.ends = {name: [row[1] for row in rows] for name, rows in self.sitting.items()}
        self.sums = {name: [0, *accumulate(row[3] for row in rows)] for name, rows in self.sitting.items()}
        self._kin: dict[str, set[str]] | None = None

    def reason(self, request: Request, hurried: bool) -> dict[str, object]:
        """The binding reason."""
        needs = [slots_needed(request.duration_slots, self.named[i].efficiency) for i in request.eligible]
        liked = self.empty.best(request)
        cap, used = self.instance.max_slots_per_enterprise, self.used[request.enterprise]
        if liked is None:
            if cap is not None and min(needs) > cap:
                return {"code": "cap", "cap": cap, "used": used, "slots": min(needs)}
            beyond = self._beyond_quota(request, Board(replace(self.instance, quotas=())))
            if beyond is not None:
                return beyond
            return {"code": "not_worthwhile" if self.empty.has_start(request) else "no_free_start"}
        free = self.board.best(request)
        if free:
            _, start, number, _ = free
            name = self.instance.instruments[number].id
            return {"code": "free_place", "instrument": name, "start_slot": start}
        alone = [liked] if hurried else self.empty.places(request)
        if cap is not None and used + min(p[3] for p in alone) > cap:
            return {"code": "cap", "cap": cap, "used": used, "slots": min(p[3] for p in alone)}
        within = [p for p in alone if self._exceeded(request, p) is None]
        beyond = self._beyond_quota(request, self.free if within else self.empty)
        if beyond is not None:
            return beyond
        alone = within or alone
        own, against, rows = max((self._against(p) for p in alone), key=lambda x: (x[0] - x[1], -len(x[2])))
        return {"code": "displaced", "by": sorted(row[2] for row in rows), "worth": own, "against": against}

    def _exceeded(self, request: Request, place: tuple[int, int, int, int]) -> int | None:
        """The number of the quota that a place would take too much of, as the plan stands."""
        _, start, number, work = place
        name = self.instance.instruments[number].id
        return self.board.account.exceeded(request.enterprise, name, start, work)

    def _beyond_quota(self, request: Request, board: Board) -> dict[str, Any] | None:
        """The quota that forbids the place which a request would have on this board."""
        place = board.best(request) if self.instance.quotas else None
        number = None if place is None else self._exceeded(request, place)
        if place is None or number is None:
            return None
        quota = self.instance.quotas[number]
        return {
            "code": "quota",
            "quota": number,
            "cap": quota.slots,
            "used": self.board.account.used[number],
            "slots": slots_inside(quota, place[1], place[3]),
            "from_slot": quota.from_slot,
            "to_slot": quota.to_slot,
            "instruments": None if quota.instruments is None else list(quota.instruments),
        }

    def _against(self, place: tuple[int, int, int, int]) -> tuple[int, int, list[tuple[int, int, str, int]]]:
        """What a place is worth to who asks, what it is worth to those who sit there, and these."""
        own, start, number, work = place
        instrument = self.instance.instruments[number]
        rows = self.sitting.get(instrument.id)
        if rows is None:
            return own, 0, []
        first = bisect_right(self.ends[instrument.id], start)
        last = bisect_left(self.starts[instrument.id], start + work + instrument.buffer_slots)
        sums = self.sums[instrument.id]
        return own, sums[last] - sums[first], rows[first:last]

    # -- changes ---------------------------------------------------------------------------------------
    def changes(self, request: Request) -> Iterator[tuple[int, dict[str, Any]]]:
        """One change of each kind that fits the plan as it is, with what it costs in slots of shift."""
        for fewer in range(1, request.duration_slots):
            place = self._try(replace(request, duration_slots=request.duration_slots - fewer))
            if place:
                yield 2 * fewer, {"kind": "shorter", "slots": fewer, **place}
                break
        hour = max(1, 60 // self.instance.slot_minutes)
        kindred = self.kin(request) - set(request.eligible)
        others = sorted(kindred, key=lambda name: (self.named[name].price_fen_per_slot, name))
        for name in others:
            place = self._try(replace(request, eligible=(name,)))
            if place:
                yield hour, {"kind": "instrument", **place}
                break
        shifted = self._shifted(request)
        if shifted:
            yield shifted

    def _try(self, request: Request) -> dict[str, Any] | None:
        place = self.board.best(request)
        if place is None:
            return None
        _, start, number, _ = place
        return {"instrument": self.instance.instruments[number].id, "start_slot": start}

    def _shifted(self, request: Request) -> tuple[int, dict[str, Any]] | None:
        """The nearest free start outside its windows."""
        wide = replace(request, windows=((0, self.instance.slots),), preferred_slot=None, priority=1000)
        best: tuple[int, dict[str, Any]] | None = None
        for _, start, number, work in self.board.places(wide):
            shift = min((_distance(start, work, lo, hi) for lo, hi in request.windows), key=abs)
            if best is None or (abs(shift), start) < (best[0], best[1]["start_slot"]):
                name = self.instance.instruments[number].id
                best = (
                    abs(shift),
                    {"kind": "window", "shift_slots": shift, "instrument": name, "start_slot": start},
                )
        return best if best and best[0] > 0 else None

    def kin(self, request: Request) -> set[str]:
        """Instruments that somebody regards as interchangeable with one of the request's."""
        if self._kin is None:
            self._kin = defaultdict(set)
            for other in self.instance.requests:
                for name in other.eligible:
                    self._kin[name].update(other.eligible)
        return set().union(*(self._kin.get(name, set()) for name in request.eligible))


def _distance(start: int, work: int, lo: int, hi: int) -> int:
    """How far a place reaches out of a window: negative before it, positive after it."""
    before, after = min(0, start - lo), max(0, start + work - hi)
    return before if -before > after else after
