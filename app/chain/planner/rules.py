"""What a choice of newcomers does, exactly: who sells what to whom, how far each segment is covered, what is uncertain."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from app.chain.recruit.rules import SHORTFALL, Candidate, Question, whole_numbers, worth

if TYPE_CHECKING:
    from app.chain.recruit.plan import Plan


@dataclass(frozen=True, slots=True)
class Covered:
    """Demand and supply of a segment in 万元 a year, before and after the newcomers came."""

    segment: str
    demand_before: Fraction
    supply_before: Fraction
    demand_after: Fraction
    supply_after: Fraction

    @property
    def ratio_before(self) -> Fraction | None:
        return min(Fraction(1), self.supply_before / self.demand_before) if self.demand_before else None

    @property
    def ratio_after(self) -> Fraction | None:
        return min(Fraction(1), self.supply_after / self.demand_after) if self.demand_after else None

    @property
    def missing_after(self) -> Fraction:
        return max(Fraction(0), self.demand_after - self.supply_after)


@dataclass(frozen=True, slots=True)
class Purchase:
    """What a newcomer could sell in the park: of which segment, to which, how much in 万元 a year."""

    seller: str
    segment: str
    buyer: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the plan is worth if outputs come out low, as expected or high, and what another set would be worth then."""

    name: str
    value: Fraction
    best: Fraction
    best_chosen: tuple[str, ...]

    @property
    def regret(self) -> Fraction:
        return abs(self.best - self.value)


def supply_with(question: Question, chosen: Collection[str]) -> dict[str, Fraction]:
    """Return what is made of each segment once these candidates are there."""
    total = dict(question.supply)
    for one in question.candidates:
        if one.code in chosen:
            for segment, output in one.outputs:
                total[segment] = total.get(segment, Fraction(0)) + output
    return total


def demand_of(question: Question, supply: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return what the makers of each segment need of the others, D_k = Σ_j a_kj · S_j.

    >>> demand_of(Question({}, (("cathode", "cell", Fraction("0.4")),), ()), {"cell": Fraction(10)})
    {'cathode': Fraction(4, 1)}
    """
    total: dict[str, Fraction] = {}
    for source, target, coefficient in question.inputs:
        if supply.get(target):
            total[source] = total.get(source, Fraction(0)) + coefficient * supply[target]
    return total


def coverage(question: Question, chosen: Collection[str]) -> list[Covered]:
    """Return every segment that is needed after the newcomers came, the largest demand first."""
    before = supply_with(question, ())
    after = supply_with(question, chosen)
    needed, needs = demand_of(question, before), demand_of(question, after)
    nothing = Fraction(0)
    rows = [
        Covered(
            segment,
            needed.get(segment, nothing),
            before.get(segment, nothing),
            demand,
            after.get(segment, nothing),
        )
        for segment, demand in needs.items()
    ]
    return sorted(rows, key=lambda row: (-row.demand_after, row.segment))


def purchases(question: Question, chosen: Collection[str]) -> list[Purchase]:
    """Return which demand becomes whose purchase: supply is sold in proportion to what each buyer needs.

    Of a segment with more supply than demand every maker sells the same share of its output.
    """
    supply = supply_with(question, chosen)
    demand = demand_of(question, supply)
    buyers: dict[str, list[tuple[str, Fraction]]] = {}
    for source, target, coefficient in question.inputs:
        if coefficient and supply.get(target):
            buyers.setdefault(source, []).append((target, coefficient * supply[target]))
    found = []
    for one in question.candidates:
        if one.code not in chosen:
            continue
        for segment, output in one.outputs:
            if not output or not demand.get(segment):
                continue
            sold = output * min(Fraction(1), demand[segment] / supply[segment])
            found += [
                Purchase(one.code, segment, buyer, sold * needed / demand[segment])
                for buyer, needed in buyers.get(segment, ())
            ]
    return sorted(found, key=lambda row: (-row.value, row.seller, row.segment, row.buyer))


def value_of(question: Question, chosen: Collection[str]) -> Fraction:
    """Return the objective of the question for this choice, limits aside."""
    model = whole_numbers(question)
    return model.scale * worth(model, [n for n, code in enumerate(model.codes) if code in chosen])


def outlook(name: str, changed: Question, chosen: Collection[str], best: Plan) -> Outlook:
    """Return what this choice is worth in a changed question beside `best`, its answer there.

    Where that is not proven and worse, nothing better is known than the choice itself.
    """
    value = value_of(changed, chosen)
    known = best.value
    sign = -1 if changed.objective == SHORTFALL else 1
    if known is None or sign * known <= sign * value:
        return Outlook(name, value, value, tuple(sorted(chosen)))
    return Outlook(name, value, known, best.chosen)


def scaled(question: Question, spread: Mapping[str, Fraction], up: bool) -> Question:
    """Return the question with every candidate's output at the low or the high end of its range.

    `spread` is how far an output may be off, as a share of it; nobody in it is certain.
    """

    def at_end(one: Candidate) -> Candidate:
        share = spread.get(one.code, Fraction(0))
        factor = 1 + share if up else max(Fraction(0), 1 - share)
        return replace(one, outputs=tuple((segment, output * factor) for segment, output in one.outputs))

    return replace(question, candidates=tuple(at_end(one) for one in question.candidates))


def turning_point(values: Sequence[tuple[int, Fraction]]) -> int | None:
    """Return from how many firms on one more adds nothing; None where every one of them adds something.

    >>> turning_point([(0, Fraction(4)), (1, Fraction(5)), (2, Fraction(5)), (3, Fraction(5))])
    1
    """
    last = values[-1][1] if values else None
    first = next((firms for firms, value in values if value == last), None)
    return first if values and first != values[-1][0] else None
