"""The best set is the best set: compared with every subset, with every tie, limit and reason."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from app.chain.recruit.plan import Plan, at_most, recruit
from app.chain.recruit.rules import KEPT, SHORTFALL, Candidate, Question

F = Fraction
Rank = tuple[F, int, F, list[str]]


def contract_park(**limits: object) -> Question:
    """The worked example of the contract: cell ← cathode (0.4), cathode ← precursor (0.5)."""
    firms = (
        Candidate("A", (("cathode", F(2000)),), F(2)),
        Candidate("B", (("cathode", F(3000)),), F(3)),
        Candidate("P", (("precursor", F(1500)),), F(1)),
    )
    inputs = (("cathode", "cell", F("0.4")), ("precursor", "cathode", F("0.5")))
    park = Question({"cell": F(10000), "cathode": F(1000)}, inputs, firms)
    return replace(park, **limits)  # type: ignore[arg-type]


def value(question: Question, chosen: Sequence[Candidate]) -> F:
    supply = dict(question.supply)
    for one in chosen:
        for segment, output in one.outputs:
            supply[segment] = supply.get(segment, F(0)) + output
    demand: dict[str, F] = {}
    for source, target, coefficient in question.inputs:
        demand[source] = demand.get(source, F(0)) + coefficient * supply.get(target, F(0))
    pairs = [(supply.get(k, F(0)), demand.get(k, F(0))) for k in supply.keys() | demand.keys()]
    if question.objective == KEPT:
        return sum((min(s, d) for s, d in pairs), F(0))
    return sum((max(F(0), d - s) for s, d in pairs), F(0))


def every_choice(question: Question) -> list[Rank]:
    sign = -1 if question.objective == KEPT else 1
    found = []
    for size in range(len(question.candidates) + 1):
        for chosen in itertools.combinations(question.candidates, size):
            groups = [one.group for one in chosen if one.group]
            cost = sum((one.cost for one in chosen), F(0))
            if (
                all(one in chosen for one in question.candidates if one.must)
                and len(set(groups)) == len(groups)
                and (question.firms is None or size <= question.firms)
                and (question.budget is None or cost <= question.budget)
            ):
                found.append((sign * value(question, chosen), size, cost, sorted(one.code for one in chosen)))
    return found


def small_park(seed: int) -> Question:
    """Loops, several segments and rows a firm, twins, zero outputs, groups, musts, all limits."""
    dice = random.Random(seed)
    segments = [f"s{n}" for n in range(dice.randint(1, 5))]
    digits = dice.choice([0, 0, 1, 9])

    def amount(most: int) -> F:
        return F(dice.randint(0, most * 10**digits), 10**digits)

    inputs = tuple(
        (a, b, F(dice.randint(0, 8), dice.choice([1, 4, 10])))
        for a in segments
        for b in segments
        if dice.random() < 0.35
    )
    count = dice.randint(1, 7)
    rows = [
        tuple(
            (dice.choice(segments), amount(dice.choice([2, 5, 20]))) for _ in range(dice.choice([1, 1, 2, 3]))
        )
        for _ in range(dice.choice([2, count]))
    ]
    firms = tuple(
        Candidate(
            f"C{dice.randint(0, 99):02d}{n}",
            dice.choice(rows),
            F(dice.choice([0, 1, 1, 2, 3])) if dice.random() < 0.8 else F(dice.randint(0, 30), 10),
            dice.choice(["", "", "", "g", "h"]),
            dice.random() < 0.08,
        )
        for n in range(count)
    )
    park = {k: amount(10) for k in segments if dice.random() < 0.7}
    objective = dice.choice([KEPT, SHORTFALL])
    budget = dice.choice([None, None, F(3), F(5, 2), F(8)])
    return Question(park, inputs, firms, objective, dice.choice([None, None, 0, 1, 2, 3, 4]), budget)


def rank(plan: Plan) -> Rank:
    assert plan.value is not None and plan.cost is not None
    sign = -1 if plan.objective == KEPT else 1
    return sign * plan.value, len(plan.chosen), plan.cost, list(plan.chosen)


def test_example_of_the_contract() -> None:
    kept = recruit(contract_park(budget=F(4)))
    assert (kept.status, kept.before, kept.chosen, kept.value, kept.bound, kept.gap) == (
        "optimal",
        1000,
        ("B", "P"),
        5500,
        5500,
        0,
    )
    assert [(one.enterprise, one.value, one.reason) for one in kept.left_out] == [("A", 5500, "no_gain")]
    assert [(point.firms, point.value) for point in kept.front] == [
        (0, 1000),
        (1, 4000),
        (2, 5500),
        (3, 5500),
    ]
    short = recruit(contract_park(budget=F(4), objective=SHORTFALL))
    assert (short.before, short.chosen, short.value) == (3500, ("B", "P"), 500)


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_agrees_with_every_subset(first: int) -> None:
    for seed in range(first, first + 50):
        question = small_park(seed)
        choices = every_choice(question)
        plan = recruit(question)
        if not choices:
            assert (plan.status, plan.chosen, plan.value) == ("infeasible", (), None), seed
            continue
        assert (plan.status, rank(plan), plan.bound) == ("optimal", min(choices), plan.value), seed
        musts = sum(one.must for one in question.candidates)
        most = len(question.candidates) if question.firms is None else question.firms
        assert [point.firms for point in plan.front] == list(range(musts, min(most, musts + 20) + 1))
        for point in plan.front:
            best = min(choice for choice in choices if choice[1] <= point.firms)
            assert list(point.chosen) == best[3], (seed, point)
        check_left_out(question, plan)
        check_greedy(question, plan)


@pytest.mark.parametrize("first", range(400, 500, 50))
def test_the_front_answers_for_fewer_firms_as_the_question_itself(first: int) -> None:
    read = 0
    for seed in range(first, first + 50):
        question = small_park(seed)
        whole = recruit(replace(question, firms=None))
        for firms in range(5):
            asked = replace(question, firms=firms)
            found = at_most(asked, whole)
            assert found is None or found == recruit(asked), (seed, firms)
            read += found is not None
    assert read > 50


def check_left_out(question: Question, plan: Plan) -> None:
    inside = [one for one in question.candidates if one.code in plan.chosen]
    sign = 1 if question.objective == KEPT else -1
    for row, one in zip(
        plan.left_out,
        sorted((one for one in question.candidates if one not in inside), key=lambda one: one.code),
        strict=True,
    ):
        with_it = value(question, [*inside, one])
        assert (row.enterprise, row.value) == (one.code, with_it)
        rest = None if question.budget is None else question.budget - (plan.cost or F(0))
        if sign * with_it <= sign * value(question, inside):
            assert row.reason == "no_gain"
        elif one.group and one.group in {other.group for other in inside}:
            assert row.reason == "group"
        elif rest is not None and one.cost > rest:
            assert row.reason == "budget"
        else:
            assert (row.reason, len(inside)) == ("displaced", question.firms)


def check_greedy(question: Question, plan: Plan) -> None:
    sign = 1 if question.objective == KEPT else -1
    chosen = [one for one in question.candidates if one.must]
    while True:
        now = value(question, chosen)
        open_ = [
            (-sign * (value(question, [*chosen, one]) - now), one.cost, one.code, one)
            for one in question.candidates
            if one not in chosen
            and sign * value(question, [*chosen, one]) > sign * now
            and not (one.group and one.group in {other.group for other in chosen})
            and (question.firms is None or len(chosen) < question.firms)
            and (question.budget is None or sum((o.cost for o in [*chosen, one]), F(0)) <= question.budget)
        ]
        if not open_:
            break
        chosen.append(min(open_, key=lambda row: row[:3])[3])
    assert plan.greedy_chosen == tuple(sorted(one.code for one in chosen))
    assert plan.greedy_value == value(question, chosen)


@pytest.mark.parametrize("seed", range(40))
def test_neither_scale_nor_order_changes_a_choice(seed: int) -> None:
    question = small_park(seed)
    plan = recruit(question)
    factor = F("123456789.000000000001")
    scaled = replace(
        question,
        supply={k: v * factor for k, v in question.supply.items()},
        candidates=tuple(
            replace(one, outputs=tuple((k, v * factor) for k, v in reversed(one.outputs)))
            for one in reversed(question.candidates)
        ),
        inputs=question.inputs[::-1],
    )
    other = recruit(scaled)
    assert (other.status, other.chosen, other.cost) == (plan.status, plan.chosen, plan.cost)
    assert other.value == (None if plan.value is None else plan.value * factor)
    assert [point.chosen for point in other.front] == [point.chosen for point in plan.front]


def test_a_difference_in_the_twentieth_digit_decides() -> None:
    tiny = F("100000000.000000000001")
    firms = (Candidate("A", (("x", F(100000000)),)), Candidate("B", (("x", tiny),)))
    question = Question({"y": F(10) ** 12}, (("x", "y", F(1)),), firms, firms=1)
    assert recruit(question).chosen == ("B",)


def test_many_twins_are_no_burden() -> None:
    """Sixty firms that make the same: the cheapest come, of equal ones those whose codes sort first."""
    firms = tuple(Candidate(f"C{n:02d}", (("x", F("0.1")),), F(n % 3)) for n in range(60))
    plan = recruit(Question({"y": F(10)}, (("x", "y", F("0.1")),), firms))
    assert (plan.status, plan.value, plan.cost) == ("optimal", 1, 0)
    assert plan.chosen == tuple(f"C{n:02d}" for n in range(0, 30, 3))


def test_out_of_time_is_told_with_a_bound() -> None:
    dice = random.Random(5)
    segments = [f"s{n}" for n in range(40)]
    inputs = tuple(
        {(a, b): F(dice.randint(1, 9), 10) for a in segments for b in dice.sample(segments, 2)}.items()
    )
    firms = tuple(
        Candidate(f"C{n:03d}", ((dice.choice(segments), F(dice.randint(1, 5000))),), F(dice.randint(1, 50)))
        for n in range(60)
    )
    park = Question(
        {k: F(dice.randint(0, 3000)) for k in segments},
        tuple((*pair, c) for pair, c in inputs),
        firms,
        budget=F(200),
    )
    hasty = recruit(park, left=lambda: 0.0)
    assert hasty.value is not None and hasty.bound is not None
    assert hasty.status == "feasible"
    assert hasty.greedy_value is not None
    assert hasty.greedy_value <= hasty.value < hasty.bound
