"""Random tiny instances with every rule of the format, and their optimum by trying everything."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from app.sharing.planning.engine.model import Instance, Instrument, Interval, Quota, Request


def intervals(rng: random.Random, slots: int, tries: int) -> tuple[Interval, ...]:
    found: list[Interval] = []
    for _ in range(tries):
        lo, hi = sorted((rng.randint(0, slots), rng.randint(0, slots)))
        if lo < hi and all(hi <= a or b <= lo for a, b in found):
            found.append((lo, hi))
    return tuple(sorted(found))


def tiny(seed: int) -> Instance:
    """One to three instruments, one to five wishes, 3 to 14 slots; half of them with a cap."""
    rng = random.Random(seed)
    slots = rng.randint(3, 14)
    instruments = tuple(
        Instrument(
            id=f"I{n}",
            open=intervals(rng, slots, rng.randint(1, 3)) if rng.random() < 0.6 else ((0, slots),),
            busy=intervals(rng, slots, rng.randint(0, 2)) if rng.random() < 0.4 else (),
            price_fen_per_slot=rng.choice([0, 100, 150, 200, 500]),
            efficiency=rng.choice([0.5, 0.75, 1.0, 1.0, 1.1, 1.5]),
            buffer_slots=rng.choice([0, 0, 1, 2]),
        )
        for n in range(rng.randint(1, 3))
    )
    requests = tuple(
        Request(
            id=f"R{n}",
            enterprise=f"E{rng.randint(0, 2)}",
            duration_slots=rng.randint(1, 5),
            windows=intervals(rng, slots, rng.randint(1, 2)) or ((0, slots),),
            eligible=tuple(rng.sample([i.id for i in instruments], rng.randint(1, len(instruments)))),
            priority=rng.randint(1, 4),
            preferred_slot=rng.choice([None, rng.randint(0, slots - 1)]),
        )
        for n in range(rng.randint(1, 5))
    )
    return Instance(30, slots, instruments, requests, rng.choice([None, rng.randint(1, 8)]))


def tiny_with_quotas(seed: int) -> Instance:
    """The same, with one to four quotas, overlapping ones and empty ones among them."""
    rng = random.Random(-1 - seed)
    instance = tiny(seed)
    names, firms = [i.id for i in instance.instruments], sorted({r.enterprise for r in instance.requests})
    found = []
    for _ in range(rng.randint(1, 4)):
        only = rng.choice([None, tuple(rng.sample(names, rng.randint(1, len(names))))])
        first, last = sorted(rng.sample(range(instance.slots + 1), 2))
        found.append(Quota(rng.choice(firms), only, first, last, rng.randint(0, 5)))
    return replace(instance, quotas=tuple(found))


def best_value(instance: Instance) -> int:
    """The optimum, by trying every place of every request (sets of slots; nothing shared with the solver)."""
    choices = [[c for c in _choices(instance, r) if c[2] > 0] for r in instance.requests]
    cap = math.inf if instance.max_slots_per_enterprise is None else instance.max_slots_per_enterprise

    def counted(owner: str, cells: frozenset[tuple[str, int]], slots: int) -> Counter[int]:
        """Slots by quota; the first cells are those without the buffer."""
        return Counter(
            n
            for n, q in enumerate(instance.quotas)
            for name, t in sorted(cells)[:slots]
            if q.enterprise == owner
            and (q.instruments is None or name in q.instruments)
            and q.from_slot <= t < q.to_slot
        )

    def best(n: int, taken: frozenset[tuple[str, int]], used: dict[str, int], quota: Counter[int]) -> int:
        if n == len(choices):
            return 0
        owner = instance.requests[n].enterprise
        found = best(n + 1, taken, used, quota)
        for cells, slots, value in choices[n]:
            total = used.get(owner, 0) + slots
            if total <= cap and not cells & taken:
                after = quota + counted(owner, cells, slots)
                if all(k <= instance.quotas[q].slots for q, k in after.items()):
                    found = max(found, value + best(n + 1, taken | cells, {**used, owner: total}, after))
        return found

    return best(0, frozenset(), {}, Counter())


def _choices(instance: Instance, r: Request) -> Iterator[tuple[frozenset[tuple[str, int]], int, int]]:
    instruments = {i.id: i for i in instance.instruments}
    full = 100 * r.priority * r.duration_slots
    cheapest = min(instruments[name].price_fen_per_slot for name in r.eligible)
    opens, closes = min(a for a, _ in r.windows), max(b for _, b in r.windows)
    late = max(1, math.floor(Fraction(full, 5) / max(1, closes - opens) + Fraction(1, 2)))
    wanted = opens if r.preferred_slot is None else r.preferred_slot
    for name in r.eligible:
        i = instruments[name]
        slots = max(1, math.ceil(Fraction(str(i.efficiency)) * r.duration_slots))
        open_slots = {t for a, b in i.open for t in range(a, b)}
        busy_slots = {t for a, b in i.busy for t in range(a, b)}
        pay, least, cost = i.price_fen_per_slot * slots, cheapest * r.duration_slots, 0
        if pay > least:
            excess = min(Fraction(1), (Fraction(pay, least) - 1) / 4) if least else Fraction(1)
            cost = math.floor(Fraction(15, 100) * full * excess + Fraction(1, 2))
        for lo, hi in r.windows:
            for start in range(lo, hi - slots + 1):
                taken = range(start, min(instance.slots, start + slots + i.buffer_slots))
                if set(range(start, start + slots)) <= open_slots and not busy_slots & set(taken):
                    value = full - cost - late * abs(start - wanted)
                    yield frozenset((name, t) for t in taken), slots, value
