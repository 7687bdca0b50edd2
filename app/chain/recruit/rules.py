"""What a choice of firms is worth, exactly: whole numbers instead of decimals, so that no difference is too small."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import gcd, lcm

KEPT = "kept"
SHORTFALL = "shortfall"
Column = tuple[tuple[int, int, int], ...]
Key = tuple[int, int, int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A firm outside the park: what it makes of which segment (万元), what it costs to win, its group."""

    code: str
    outputs: tuple[tuple[str, Fraction], ...]
    cost: Fraction = Fraction(0)
    group: str = ""
    must: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """The park as it is, who could come, and the limits. `firms` and `budget` None: no limit."""

    supply: Mapping[str, Fraction]
    inputs: tuple[tuple[str, str, Fraction], ...]
    candidates: tuple[Candidate, ...]
    objective: str = KEPT
    firms: int | None = None
    budget: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """The question in whole numbers: maximise Σ_k min(a_k, b_k), both linear in who is chosen.

    Candidates are numbered in the order of their codes. `columns[c]` holds (segment, its part of a, its part of b).
    `scale` turns such a sum into the objective of the question (negative where that is minimised).
    """

    codes: tuple[str, ...]
    a0: tuple[int, ...]
    b0: tuple[int, ...]
    columns: tuple[Column, ...]
    costs: tuple[int, ...]
    groups: tuple[str, ...]
    musts: frozenset[int]
    slots: int
    budget: int | None
    scale: Fraction
    cost_unit: int

    def cost(self, chosen: Iterable[int]) -> int:
        """What these candidates cost together, in whole cost units."""
        return sum(self.costs[c] for c in chosen)


def whole_numbers(question: Question) -> Model:
    """The question with every decimal multiplied up to a whole number; nothing is rounded.

    >>> a = Candidate("A", (("cathode", Fraction(3)),))
    >>> model = whole_numbers(Question({"cell": Fraction(10)}, (("cathode", "cell", Fraction("0.4")),), (a,)))
    >>> model.scale * worth(model, {0})
    Fraction(3, 1)
    """
    candidates = sorted(question.candidates, key=lambda one: one.code)
    shortfall = question.objective == SHORTFALL
    uses: dict[str, list[tuple[str, Fraction]]] = {}
    for source, target, coefficient in question.inputs:
        uses.setdefault(target, []).append((source, coefficient))
    exact = [
        _sides(_added_up(outputs), uses, shortfall)
        for outputs in (question.supply.items(), *(one.outputs for one in candidates))
    ]
    names = sorted({name for row in exact for name in row})
    parts = [value for row in exact for pair in row.values() for value in pair]
    unit = lcm(*(value.denominator for value in parts), 1)
    common = gcd(*(int(value * unit) for value in parts)) or 1
    number = {name: k for k, name in enumerate(names)}

    def whole(value: Fraction) -> int:
        return int(value * unit) // common

    columns = [
        tuple(sorted((number[name], whole(a), whole(b)) for name, (a, b) in row.items() if a or b))
        for row in exact
    ]
    park = {k: (a, b) for k, a, b in columns[0]}
    cost_unit = lcm(
        *(one.cost.denominator for one in candidates), (question.budget or Fraction(1)).denominator
    )
    return Model(
        tuple(one.code for one in candidates),
        tuple(park.get(k, (0, 0))[0] for k in range(len(names))),
        tuple(park.get(k, (0, 0))[1] for k in range(len(names))),
        tuple(columns[1:]),
        tuple(int(one.cost * cost_unit) for one in candidates),
        tuple(one.group for one in candidates),
        frozenset(n for n, one in enumerate(candidates) if one.must),
        len(candidates) if question.firms is None else question.firms,
        None if question.budget is None else int(question.budget * cost_unit),
        Fraction(-common if shortfall else common, unit),
        cost_unit,
    )


def _added_up(outputs: Iterable[tuple[str, Fraction]]) -> dict[str, Fraction]:
    total: dict[str, Fraction] = {}
    for segment, output in outputs:
        total[segment] = total.get(segment, Fraction(0)) + output
    return total


def _sides(
    outputs: Mapping[str, Fraction], uses: Mapping[str, Iterable[tuple[str, Fraction]]], shortfall: bool
) -> dict[str, tuple[Fraction, Fraction]]:
    """Segment to (a, b): supply and demand for `kept`, supply less demand and nothing for `shortfall`."""
    zero = Fraction(0)
    demands = _added_up(
        (source, coefficient * output)
        for target, output in outputs.items()
        for source, coefficient in uses.get(target, ())
    )
    found = {}
    for name in outputs.keys() | demands.keys():
        supply, demand = outputs.get(name, zero), demands.get(name, zero)
        found[name] = (supply - demand, zero) if shortfall else (supply, demand)
    return found


def worth(model: Model, chosen: Collection[int]) -> int:
    """Σ_k min(a_k, b_k) with these candidates, in whole numbers; larger is better."""
    a, b = list(model.a0), list(model.b0)
    for c in chosen:
        for k, more_a, more_b in model.columns[c]:
            a[k] += more_a
            b[k] += more_b
    return sum(map(min, a, b))


def key(model: Model, chosen: Collection[int]) -> Key:
    """Choices in order, the best first: value, then fewer firms, lower cost, the list of codes that sorts first."""
    return (-worth(model, chosen), len(chosen), model.cost(chosen), tuple(sorted(chosen)))


def allowed(model: Model, chosen: Collection[int], slots: int) -> bool:
    """Whether a set keeps number, budget and groups (musts aside)."""
    groups = [model.groups[c] for c in chosen if model.groups[c]]
    fits = model.budget is None or model.cost(chosen) <= model.budget
    return len(chosen) <= slots and fits and len(set(groups)) == len(groups)


class Standing:
    """The sums of a set that grows one by one, and what one more candidate would add."""

    def __init__(self, model: Model, chosen: Iterable[int] = ()) -> None:
        self._columns = model.columns
        self.a, self.b = list(model.a0), list(model.b0)
        for c in chosen:
            self.add(c)

    def add(self, c: int, times: int = 1) -> None:
        for k, more_a, more_b in self._columns[c]:
            self.a[k] += times * more_a
            self.b[k] += times * more_b

    def gain(self, c: int) -> int:
        """How much the sum of minima changes with candidate c."""
        a, b = self.a, self.b
        return sum(min(a[k] + x, b[k] + y) - min(a[k], b[k]) for k, x, y in self._columns[c])


def greedy(model: Model) -> list[int]:
    """Musts, then again and again the candidate with the largest gain (ties: lower cost, then code).

    Only candidates that share a segment with the one just added are weighed anew.
    """
    chosen = sorted(model.musts)
    inside, groups = set(chosen), {model.groups[c] for c in chosen} - {""}
    standing, spent = Standing(model, chosen), model.cost(chosen)
    on: dict[int, list[int]] = {}
    for c, column in enumerate(model.columns):
        for k, _a, _b in column:
            on.setdefault(k, []).append(c)
    gains = [standing.gain(c) for c in range(len(model.codes))]
    heap = [(-gain, model.costs[c], c) for c, gain in enumerate(gains) if gain > 0]
    heapify(heap)
    while heap and len(chosen) < model.slots:
        gain, cost, c = heappop(heap)
        if c in inside or -gain != gains[c] or model.groups[c] in groups:
            continue
        if model.budget is not None and spent + cost > model.budget:
            continue
        chosen.append(c)
        inside.add(c)
        groups |= {model.groups[c]} - {""}
        spent += cost
        standing.add(c)
        for other in {o for k, _a, _b in model.columns[c] for o in on[k]} - inside:
            gains[other] = standing.gain(other)
            if gains[other] > 0:
                heappush(heap, (-gains[other], model.costs[other], other))
    return chosen


def left_out(model: Model, chosen: Collection[int]) -> list[tuple[int, int, str]]:
    """(candidate, worth of chosen with it, first reason that holds) of everybody not chosen, by code."""
    standing, base, inside = Standing(model, chosen), worth(model, chosen), set(chosen)
    groups = {model.groups[c] for c in chosen} - {""}
    rest = None if model.budget is None else model.budget - model.cost(chosen)
    found = []
    for c in range(len(model.codes)):
        if c in inside:
            continue
        gain = standing.gain(c)
        if gain <= 0:
            reason = "no_gain"
        elif model.groups[c] in groups:
            reason = "group"
        else:
            reason = "budget" if rest is not None and model.costs[c] > rest else "displaced"
        found.append((c, base + gain, reason))
    return found
