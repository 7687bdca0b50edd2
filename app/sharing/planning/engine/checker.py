"""Checks a plan against the rules of the format, slot by slot; written from the contract, shares no code with the solver."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from app.sharing.planning.engine.model import Assignment, Instance, Instrument, Plan, Request


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
    return [fault.text for fault in faults(instance, plan)]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: its kind, its sentence, and the wish, instrument and slot it is about (where known)."""

    kind: str
    text: str
    request: str = ""
    instrument: str = ""
    slot: int | None = None
    other: str = ""


def faults(instance: Instance, plan: Plan) -> list[Fault]:
    """As :func:`check`, with what each problem is about, so that people can be told in their own words."""
    found = _mentions(instance, plan)
    instruments = {i.id: i for i in instance.instruments}
    requests = {r.id: r for r in instance.requests}
    taken: dict[tuple[str, int], str] = {}
    used: dict[str, int] = {}
    total = 0
    for a in sorted(plan.assignments, key=lambda a: (a.instrument, a.start_slot, a.request)):
        request, instrument = requests.get(a.request), instruments.get(a.instrument)
        if request is None or instrument is None:
            text = f"{a.request}: no such request or instrument"
            found.append(Fault("unknown", text, a.request, a.instrument))
            continue
        found += _place(instance, request, instrument, a)
        found += _collision(instance, instrument, a, taken)
        used[request.enterprise] = used.get(request.enterprise, 0) + a.slots
        total += _value(request, instrument, a, instruments)
    found += _quotas(instance, plan, {name: r.enterprise for name, r in requests.items()})
    return found + _sums(instance, plan, used, total)


def _mentions(instance: Instance, plan: Plan) -> list[Fault]:
    """Every request is placed or refused, once; whatever is refused has a reason."""
    known = [r.id for r in instance.requests]
    placed = [a.request for a in plan.assignments]
    refused = [r.request for r in plan.rejected]
    found = [
        Fault("unknown", f"{name}: no such request", name)
        for name in sorted(set(placed + refused) - set(known))
    ]
    if len(known) < 200:
        times = {name: placed.count(name) + refused.count(name) for name in known}
        found += [
            Fault("mentioned", f"{name}: mentioned {n} times", name) for name, n in times.items() if n != 1
        ]
    elif sorted(placed + refused) != sorted(known):
        found.append(Fault("mentioned", "assigned and rejected together are not every request exactly once"))
    for row in plan.rejected:
        if not row.reasons:
            found.append(Fault("unexplained", f"{row.request}: rejected without a reason", row.request))
    return found


def _collision(
    instance: Instance, instrument: Instrument, a: Assignment, taken: dict[tuple[str, int], str]
) -> list[Fault]:
    """Writes down what the assignment occupies, its buffer included, until it meets another one."""
    for slot in range(a.start_slot, min(a.start_slot + a.slots + instrument.buffer_slots, instance.slots)):
        other = taken.setdefault((a.instrument, slot), a.request)
        if other != a.request:
            text = f"{a.request}: slot {slot} of {a.instrument} is already taken by {other}"
            return [Fault("taken", text, a.request, a.instrument, slot, other)]
    return []


def _sums(instance: Instance, plan: Plan, used: dict[str, int], total: int) -> list[Fault]:
    """The caps of the enterprises, and what the plan says of itself."""
    found = []
    cap = instance.max_slots_per_enterprise
    for enterprise, slots in sorted(used.items()):
        if cap is not None and slots > cap:
            found.append(Fault("cap", f"{enterprise}: {slots} slots, the cap is {cap}"))
    if total != plan.value:
        text = f"value: {plan.value} is claimed, the assignments are worth {total}"
        found.append(Fault("value", text))
    if plan.bound < plan.value:
        found.append(Fault("bound", f"bound: {plan.bound} is below the value {plan.value}"))
    if plan.status not in ("optimal", "feasible"):
        found.append(Fault("status", f"status: {plan.status!r}"))
    if plan.status == "optimal" and plan.bound != plan.value:
        found.append(Fault("status", "status: optimal is claimed although bound and value differ"))
    return found


def _quotas(instance: Instance, plan: Plan, enterprise: dict[str, str]) -> list[Fault]:
    """Each quota, counted slot by slot."""
    found = []
    for n, quota in enumerate(instance.quotas):
        used = 0
        for a in plan.assignments:
            covers = quota.instruments is None or a.instrument in quota.instruments
            if covers and enterprise.get(a.request) == quota.enterprise:
                slots = range(a.start_slot, a.start_slot + a.slots)
                used += sum(quota.from_slot <= slot < quota.to_slot for slot in slots)
        if used > quota.slots:
            time = f"[{quota.from_slot}, {quota.to_slot})"
            text = f"{quota.enterprise}: {used} slots in {time}, quotas[{n}] allows {quota.slots}"
            found.append(Fault("quota", text, slot=quota.from_slot))
    return found


def _place(instance: Instance, request: Request, instrument: Instrument, a: Assignment) -> list[Fault]:
    """What is wrong with one assignment on its own."""
    found: list[Fault] = []
    first, end = a.start_slot, a.start_slot + a.slots

    def wrong(kind: str, text: str, slot: int = first) -> None:
        found.append(Fault(kind, f"{request.id}: {text}", request.id, instrument.id, slot))

    if instrument.id not in request.eligible:
        wrong("not_eligible", f"{instrument.id} is not eligible")
    if a.slots != _needed(request, instrument):
        wrong("length", f"{a.slots} slots instead of {_needed(request, instrument)}")
    if not any(lo <= first and end <= hi for lo, hi in request.windows):
        wrong("window", f"slots {first} to {end} are inside none of its windows")
    shut = next((slot for slot in range(first, end) if not _inside(slot, instrument.open)), None)
    if shut is not None:
        wrong("closed", f"{instrument.id} is closed at slot {shut}", shut)
    held = range(first, min(end + instrument.buffer_slots, instance.slots))
    busy = next((slot for slot in held if _inside(slot, instrument.busy)), None)
    if busy is not None:
        wrong("busy", f"{instrument.id} is busy at slot {busy}", busy)
    return found


def _inside(slot: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(lo <= slot < hi for lo, hi in spans)


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
