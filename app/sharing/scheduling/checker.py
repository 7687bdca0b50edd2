"""Checks a plan against the rules of the format, slot by slot; written from the contract, shares no code with the solver."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from app.sharing.scheduling.model import Assignment, Instance, Instrument, Plan, Request


def check(instance: Instance, plan: Plan) -> list[str]:
    """Say everything that is wrong with a plan; an empty list means it keeps every rule.

    Examples
    --------
    >>> lab = Instrument("I", ((0, 8),), buffer_slots=1)
    >>> wishes = tuple(Request(f"R{n}", "E", 2, ((0, 8),), ("I",)) for n in (1, 2))
    >>> at = lambda n, s: Assignment(f"R{n}", "I", s, 2)
    >>> check(Instance(30, 8, (lab,), wishes), Plan("feasible", 385, 400, 0, (at(1, 0), at(2, 3)), ()))
    []
    >>> check(Instance(30, 8, (lab,), wishes), Plan("feasible", 390, 400, 0, (at(1, 0), at(2, 2)), ()))
    ['R2: slot 2 of I is already taken by R1']
    """
    problems: list[str] = []
    instruments = {i.id: i for i in instance.instruments}
    requests = {r.id: r for r in instance.requests}
    placed = [a.request for a in plan.assignments]
    refused = [r.request for r in plan.rejected]
    for name in sorted(set(placed + refused) - set(requests)):
        problems.append(f"{name}: no such request")
    for name in requests:
        times = placed.count(name) + refused.count(name) if len(requests) < 200 else -1
        if times not in (1, -1):
            problems.append(f"{name}: mentioned {times} times")
    if len(requests) >= 200 and sorted(placed + refused) != sorted(requests):
        problems.append("assigned and rejected together are not every request exactly once")
    for row in plan.rejected:
        if not row.reasons:
            problems.append(f"{row.request}: rejected without a reason")
    taken: dict[tuple[str, int], str] = {}
    used: dict[str, int] = {}
    total = 0
    for a in sorted(plan.assignments, key=lambda a: (a.instrument, a.start_slot, a.request)):
        request, instrument = requests.get(a.request), instruments.get(a.instrument)
        if request is None or instrument is None:
            problems.append(f"{a.request}: no such request or instrument")
            continue
        problems += _place(instance, request, instrument, a)
        for slot in range(
            a.start_slot, min(a.start_slot + a.slots + instrument.buffer_slots, instance.slots)
        ):
            other = taken.setdefault((a.instrument, slot), a.request)
            if other != a.request:
                problems.append(f"{a.request}: slot {slot} of {a.instrument} is already taken by {other}")
                break
        used[request.enterprise] = used.get(request.enterprise, 0) + a.slots
        total += _value(request, instrument, a, instruments)
    cap = instance.max_slots_per_enterprise
    for enterprise, slots in sorted(used.items()):
        if cap is not None and slots > cap:
            problems.append(f"{enterprise}: {slots} slots, the cap is {cap}")
    if total != plan.value:
        problems.append(f"value: {plan.value} is claimed, the assignments are worth {total}")
    if plan.bound < plan.value:
        problems.append(f"bound: {plan.bound} is below the value {plan.value}")
    if plan.status not in ("optimal", "feasible"):
        problems.append(f"status: {plan.status!r}")
    if plan.status == "optimal" and plan.bound != plan.value:
        problems.append("status: optimal is claimed although bound and value differ")
    return problems


def _place(instance: Instance, request: Request, instrument: Instrument, a: Assignment) -> list[str]:
    """What is wrong with one assignment on its own."""
    found: list[str] = []
    first, end = a.start_slot, a.start_slot + a.slots
    if instrument.id not in request.eligible:
        found.append(f"{request.id}: {instrument.id} is not eligible")
    if a.slots != _needed(request, instrument):
        found.append(f"{request.id}: {a.slots} slots instead of {_needed(request, instrument)}")
    if not any(lo <= first and end <= hi for lo, hi in request.windows):
        found.append(f"{request.id}: slots {first} to {end} are inside none of its windows")
    for slot in range(first, end):
        if not any(lo <= slot < hi for lo, hi in instrument.open):
            found.append(f"{request.id}: {instrument.id} is closed at slot {slot}")
            break
    for slot in range(first, min(end + instrument.buffer_slots, instance.slots)):
        if any(lo <= slot < hi for lo, hi in instrument.busy):
            found.append(f"{request.id}: {instrument.id} is busy at slot {slot}")
            break
    return found


def _needed(request: Request, instrument: Instrument) -> int:
    exact = Decimal(request.duration_slots) * Decimal(repr(instrument.efficiency))
    return max(1, math.ceil(exact - Decimal("1e-9")))


def _value(
    request: Request, instrument: Instrument, a: Assignment, instruments: dict[str, Instrument]
) -> int:
    weight = 100 * request.priority * request.duration_slots
    lowest = min(instruments[name].price_fen_per_slot for name in request.eligible)
    price, least = instrument.price_fen_per_slot * a.slots, lowest * request.duration_slots
    cost = 0
    if price > least:
        share = Fraction(1) if least == 0 else min(Fraction(1), (Fraction(price, least) - 1) / 4)
        cost = _rounded(Fraction(15 * weight, 100) * share)
    span = max(hi for _, hi in request.windows) - min(lo for lo, _ in request.windows)
    late = max(1, _rounded(Fraction(2 * weight, 10 * max(1, span))))
    wanted = request.preferred_slot
    if wanted is None:
        wanted = min(lo for lo, _ in request.windows)
    return weight - cost - late * abs(a.start_slot - wanted)


def _rounded(x: Fraction) -> int:
    """Half up by long division, independent of binary floats."""
    whole, rest = divmod(x.numerator, x.denominator)
    half = Decimal(rest) / Decimal(x.denominator)
    if 2 * rest == x.denominator:
        return whole + 1
    return whole + int(half.quantize(Decimal(1), rounding=ROUND_HALF_UP))
