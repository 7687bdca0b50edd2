"""Fair shares: whoever asks for more than an equal share has each wish weigh less. Optional, and easy to explain."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from app.sharing.planning.engine.model import Instance

SCALE = 1000


@dataclass(frozen=True, slots=True)
class Share:
    """What an enterprise asks for, an equal share of everything asked for, and what its wishes weigh, 0–1."""

    enterprise: str
    asked_slots: int
    equal_slots: float
    weight_ratio: float


def shares(instance: Instance, fair_weight: float) -> list[Share]:
    """Weigh the enterprises by how much they ask for.

    With an equal share = all slots asked for / number of enterprises, an enterprise's wishes weigh
    1 − f + f · min(1, equal share / its slots): f = 0 changes nothing, f = 1 makes an enterprise that asks for three
    equal shares count as if it asked for one. Rounded to thousandths.

    >>> from app.sharing.planning.engine.model import Request
    >>> wishes = [Request(str(n), "AAAB"[n], 2, ((0, 9),), ("I",)) for n in range(4)]
    >>> [(s.enterprise, s.weight_ratio) for s in shares(Instance(30, 9, (), tuple(wishes)), 0.5)]
    [('A', 0.833), ('B', 1.0)]
    """
    asked: Counter[str] = Counter()
    for request in instance.requests:
        asked[request.enterprise] += request.duration_slots
    if not asked:
        return []
    equal = Fraction(sum(asked.values()), len(asked))
    part = Fraction(str(min(1.0, max(0.0, fair_weight))))
    found = []
    for enterprise, slots in sorted(asked.items()):
        weight = 1 - part + part * min(Fraction(1), equal / slots)
        found.append(Share(enterprise, slots, float(equal), max(1, round(weight * SCALE)) / SCALE))
    return found


def weights(instance: Instance, fair_weight: float) -> list[int]:
    """The weight of each request, in thousandths."""
    by_enterprise = {s.enterprise: round(s.weight_ratio * SCALE) for s in shares(instance, fair_weight)}
    return [by_enterprise[r.enterprise] for r in instance.requests]
