"""The whole answer: the best choice, the front over the number of firms, the greedy one beside it, who is left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import inf

from app.chain.recruit.cuts import Aid
from app.chain.recruit.rules import Model, Question, allowed, greedy, key, left_out, whole_numbers, worth
from app.chain.recruit.search import Found, best_choice

FRONT = 20  # points above the first


@dataclass(frozen=True, slots=True)
class Point:
    """The best choice of at most `firms` firms."""

    firms: int
    value: Fraction
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A candidate not chosen, what the choice would be worth with it, and the first reason that holds."""

    enterprise: str
    value: Fraction
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer of contract-chain 1. `value`, `bound`, `cost`, `before` None: no choice keeps the limits."""

    status: str
    objective: str
    chosen: tuple[str, ...] = ()
    value: Fraction | None = None
    bound: Fraction | None = None
    cost: Fraction | None = None
    before: Fraction | None = None
    greedy_chosen: tuple[str, ...] = ()
    greedy_value: Fraction | None = None
    front: tuple[Point, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def gap(self) -> Fraction | None:
        """|bound − value| ÷ |value|, 0 when equal, None when only the value is 0."""
        if self.value is None or self.bound is None:
            return None
        if self.value == self.bound:
            return Fraction(0)
        return abs(self.bound - self.value) / abs(self.value) if self.value else None


def recruit(
    question: Question,
    left: Callable[[], float] = lambda: inf,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Plan:
    """Who should come: proven, with every tie broken as the contract says.

    Parameters
    ----------
    question : Question
    left : callable
        Seconds left, handed on to every solver; what is not proven when there are none is `feasible` and carries its bound.
    progress : callable
        Told how many of how many searches are done.

    Examples
    --------
    >>> from fractions import Fraction as F
    >>> firm = Candidate = __import__("app.chain.recruit.rules", fromlist=["Candidate"]).Candidate
    >>> plan = recruit(Question({"cell": F(10)}, (("cathode", "cell", F("0.4")),), (firm("A", (("cathode", F(3)),)),)))
    >>> plan.status, plan.chosen, plan.value
    ('optimal', ('A',), Fraction(3, 1))
    """
    model = whole_numbers(question)
    if not allowed(model, model.musts, model.slots):
        return Plan("infeasible", question.objective)
    first = greedy(model)
    aid = Aid(left)
    found = best_choice(model, model.slots, [first], aid)
    points, proven = _front(model, found, first, aid, progress)
    chosen = min((found, *(one for _n, one in points)), key=lambda one: key(model, one.chosen)).chosen
    front = [(n, point.chosen) for n, point in points]
    return _told(question, model, chosen, found.bound, found.proven and proven, front, first)


def at_most(question: Question, whole: Plan) -> Plan | None:
    """The answer for at most `question.firms` firms, read off the front of `whole`, the same question without that limit.

    None where the front does not say: it is not proven, or does not reach that far.
    """
    firms = question.firms
    point = next((point for point in whole.front if point.firms == firms), None)
    if whole.status != "optimal" or firms is None or point is None:
        return None
    model = whole_numbers(question)
    number = {code: c for c, code in enumerate(model.codes)}
    front = [
        (p.firms, tuple(sorted(number[code] for code in p.chosen))) for p in whole.front if p.firms <= firms
    ]
    chosen = front[-1][1]
    return _told(question, model, chosen, worth(model, chosen), True, front, greedy(model))


def _told(
    question: Question,
    model: Model,
    chosen: tuple[int, ...],
    bound: int,
    proven: bool,
    front: list[tuple[int, tuple[int, ...]]],
    first: list[int],
) -> Plan:
    """The answer in the codes and amounts of the question."""
    scale = model.scale

    def codes(some: tuple[int, ...] | list[int]) -> tuple[str, ...]:
        return tuple(model.codes[c] for c in sorted(some))

    return Plan(
        "optimal" if proven else "feasible",
        question.objective,
        codes(chosen),
        scale * worth(model, chosen),
        scale * bound,
        Fraction(model.cost(chosen), model.cost_unit),
        scale * worth(model, ()),
        codes(first),
        scale * worth(model, first),
        tuple(Point(n, scale * worth(model, some), codes(some)) for n, some in front),
        tuple(LeftOut(model.codes[c], scale * value, reason) for c, value, reason in left_out(model, chosen)),
    )


def _front(
    model: Model,
    found: Found,
    first: list[int],
    aid: Aid,
    progress: Callable[[int, int], None],
) -> tuple[list[tuple[int, Found]], bool]:
    """Points from the number of musts on; from as many firms as the best has, the best is the best."""
    least = len(model.musts)
    last = min(model.slots, least + FRONT)
    points: list[tuple[int, Found]] = []
    known: tuple[int, ...] = tuple(sorted(model.musts))
    for n in range(least, last + 1):
        progress(n - least, last - least + 1)
        if n == model.slots or (n >= len(found.chosen) and found.proven):
            point = found
        elif aid.left() <= 0:
            some = [one for one in (known, first[:n], found.chosen) if allowed(model, one, n)]
            point = Found(min(key(model, one) for one in some)[3], found.bound, False)
        else:
            point = best_choice(model, n, [known, found.chosen, first[:n]], aid)
        known = point.chosen
        points.append((n, point))
    return points, all(point.proven for _n, point in points)
