"""Both ways to a proof – whole-number programming and the search of our own – agree with every subset."""

from __future__ import annotations

import itertools
import os
import random
from fractions import Fraction

import numpy as np
import pytest

from app.chain.recruit import integers as whole
from app.chain.recruit import search, tree
from app.chain.recruit.bounds import ONE, bound, tightened
from app.chain.recruit.certificate import PARTS, Certificate
from app.chain.recruit.cuts import Aid, Cutter
from app.chain.recruit.envelopes import Envelopes
from app.chain.recruit.integers import Integers, Settled
from app.chain.recruit.plan import recruit
from app.chain.recruit.program import build
from app.chain.recruit.quiet import quiet
from app.chain.recruit.rules import (
    KEPT,
    SHORTFALL,
    Candidate,
    Model,
    Question,
    Standing,
    allowed,
    key,
    whole_numbers,
)
from app.chain.recruit.wander import wandered
from tests.chain.recruit.test_rules import every_choice, rank, small_park


def subsets(model: Model) -> list[tuple[int, ...]]:
    everybody = range(len(model.codes))
    return [some for size in range(len(everybody) + 1) for some in itertools.combinations(everybody, size)]


def tangled_park(seed: int) -> Question:
    """What is hard to prove: every segment needs two or three others, no firm fits a gap, newcomers wake gaps of their own."""
    dice = random.Random(seed)
    names = [f"s{n}" for n in range(dice.randint(5, 9))]
    inputs = tuple(
        (source, target, Fraction(dice.randint(5, 60), 100))
        for target in names
        for source in dice.sample(names, dice.randint(2, 3))
    )
    digits = dice.choice([1, 100])
    firms = tuple(
        Candidate(
            f"C{n:02d}",
            tuple(
                (name, Fraction(dice.randint(1, 50 * digits), digits))
                for name in dice.sample(names, dice.choice([1, 1, 2, 3]))
            ),
            Fraction(dice.randint(1, 9)),
            dice.choice(["", "", "", "", "g"]),
            dice.random() < 0.04,
        )
        for n in range(dice.randint(8, 10))
    )
    park = {name: Fraction(dice.randint(0, 30 * digits), digits) for name in names if dice.random() < 0.8}
    return Question(
        park,
        inputs,
        firms,
        dice.choice([SHORTFALL, SHORTFALL, KEPT]),
        dice.choice([None, None, 3, 5]),
        dice.choice([None, None, Fraction(20)]),
    )


@pytest.mark.parametrize("first", range(4000, 4120, 20))
def test_branching_on_envelopes_agrees_with_every_subset(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is tried out one by one, nothing left to CP-SAT: the tree decides, down to the last candidate."""
    for module, name, few in ((search, "SMALL", 0), (search, "HANDY", 0), (tree, "HANDFUL", 0)):
        monkeypatch.setattr(module, name, few)
    for seed in range(first, first + 20):
        question = tangled_park(seed)
        model = whole_numbers(question)
        keys = [
            key(model, some)
            for some in subsets(model)
            if model.musts <= set(some) and allowed(model, some, model.slots)
        ]
        plan = recruit(question)
        if not keys:
            assert plan.status == "infeasible", seed
            continue
        codes = tuple(model.codes[c] for c in min(keys)[3])
        assert (plan.status, plan.chosen, plan.bound) == ("optimal", codes, plan.value), seed
        for point in plan.front:
            best = min(one for one in keys if one[1] <= point.firms)
            assert point.chosen == tuple(model.codes[c] for c in best[3]), (seed, point)


def test_envelopes_hold_for_every_subset_and_touch() -> None:
    """One segment or two, wherever the relaxation may stand, whoever counts as open."""
    seen = touching = 0
    for seed in range(4000, 4040):
        model, dice = whole_numbers(tangled_park(seed)), random.Random(seed)
        everybody = range(len(model.codes))
        envelopes = Envelopes(model, [c for c in everybody if dice.random() < 0.8])
        segments = sorted(envelopes.rows)
        for some in [*((k,) for k in segments), *envelopes.pairs(segments)[:6]]:
            shares = {c: dice.choice([0.0, 0.3, 0.5, 0.8, 1.0]) for c in envelopes.open}
            shares |= {c: dice.choice([0.0, 1.0]) for c in everybody if c not in envelopes.open}
            cut = envelopes.best(some, shares, 1e30)
            if cut is None:
                continue
            seen += 1
            room = [
                cut.base
                + sum(part for c, part in cut.parts if c in chosen)
                - sum(minimum(model, k, chosen) for k in some)
                for chosen in subsets(model)
            ]
            assert min(room) >= 0, (seed, some)
            touching += min(room) == 0
    assert seen > 200 and touching > 0.9 * seen


def test_any_multipliers_prove_something_true() -> None:
    for seed in range(4000, 4060):
        model, dice = whole_numbers(tangled_park(seed)), np.random.default_rng(seed)
        free, standing = list(range(len(model.codes))), Standing(model)
        sides, columns = tightened(model, standing, free, model.slots)
        program = build(model, standing, columns, model.slots, sides, model.budget)
        proof = Certificate(model, program, standing, columns, sides, model.budget)
        if not program.open:
            continue
        assert proof.fits()
        proof.close()
        weights = proof.weights(dice.random(len(program.right)))
        for chosen in subsets(model):
            if allowed(model, chosen, model.slots):
                most = weights.base + sum(int(weights.of[c]) for c in chosen)
                assert -key(model, chosen)[0] * PARTS <= most, (seed, chosen)


def test_wandering_keeps_the_limits_and_never_ends_lower() -> None:
    better = 0
    for seed in range(4000, 4060):
        model = whole_numbers(tangled_park(seed))
        start = tuple(sorted(model.musts))
        if allowed(model, start, model.slots):
            found = tuple(wandered(model, start, range(len(model.codes)), model.slots))
            assert allowed(model, found, model.slots) and model.musts <= set(found), seed
            assert key(model, found)[0] <= key(model, start)[0]
            assert found == tuple(wandered(model, start, range(len(model.codes)), model.slots))
            better += key(model, found)[0] < key(model, start)[0]
    assert better > 30


def minimum(model: Model, k: int, chosen: tuple[int, ...]) -> int:
    a, b = model.a0[k], model.b0[k]
    for c in chosen:
        for segment, more_a, more_b in model.columns[c]:
            if segment == k:
                a, b = a + more_a, b + more_b
    return min(a, b)


@pytest.mark.parametrize("integers", [True, False])
@pytest.mark.parametrize("first", range(1000, 1080, 20))
def test_either_way_agrees_with_every_subset(
    first: int, integers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No small case is tried out one by one here: relaxations, cuts and branches, or CP-SAT, have to do it."""
    monkeypatch.setattr(search, "SMALL", 0)
    monkeypatch.setattr(whole, "ROOM", 2**30 if integers else 0)  # CP-SAT is slow on nine-digit amounts
    for seed in range(first, first + 20):
        question = small_park(seed)
        choices = every_choice(question)
        plan = recruit(question)
        if choices:
            assert (plan.status, rank(plan), plan.bound) == ("optimal", min(choices), plan.value), seed
        else:
            assert plan.status == "infeasible", seed


def test_bound_holds_for_every_subset() -> None:
    for seed in range(2000, 2150):
        model = whole_numbers(small_park(seed))
        top = bound(model, (), range(len(model.codes)), model.slots, -(10**40), Aid()).top
        for chosen in subsets(model):
            if allowed(model, chosen, model.slots):
                assert -key(model, chosen)[0] * ONE <= top, (seed, chosen)


def test_cuts_hold_for_every_subset() -> None:
    """Wherever the relaxation may stand, no choice lies above a cut."""
    seen = 0
    for seed in range(2000, 2100):
        model, dice = whole_numbers(small_park(seed)), random.Random(seed)
        for k in range(len(model.a0)):
            shares = {c: dice.choice([0.0, 0.3, 0.5, 0.7, 1.0]) for c in range(len(model.codes))}
            cut = Cutter(model).best(k, shares, 1e30)
            if cut is None:
                continue
            seen += 1
            for chosen in subsets(model):
                line = cut.base + sum(part for c, part in cut.parts if c in chosen)
                assert minimum(model, k, chosen) <= line, (seed, cut, chosen)
    assert seen > 50


def test_whole_numbers_settle_ties(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "ROOM", 2**30)
    settled = 0
    for seed in range(3000, 3100):
        model = whole_numbers(small_park(seed))
        if not allowed(model, model.musts, model.slots) or not Integers.fits(model, model.slots):
            continue
        best = min(
            key(model, some)
            for some in subsets(model)
            if model.musts <= set(some) and allowed(model, some, model.slots)
        )
        ahead, never = search.twins(model, model.slots)
        found = Settled(tuple(sorted(model.musts)))
        for _ in range(20):  # a better choice comes back without a word on its equals
            if not found.proven:
                program = Integers(model, model.slots, never, ahead.before)
                found = program.settle(Aid(), found.chosen, 60.0)
        assert (found.proven, found.chosen, found.bound) == (True, best[3], -best[0]), seed
        settled += 1
    assert settled > 20


def test_numbers_beyond_64_bits_are_left_to_the_search() -> None:
    model = whole_numbers(small_park(1))
    assert Integers.fits(model, model.slots)
    assert not Integers.fits(
        Model(
            model.codes,
            (2**61,),
            (0,),
            ((),) * len(model.codes),
            model.costs,
            model.groups,
            model.musts,
            model.slots,
            None,
            model.scale,
            1,
        ),
        1,
    )


def test_solver_notes_reach_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    os.write(1, b"before ")
    with quiet():
        os.write(1, b"a note of the solver")
    os.write(1, b"after")
    assert capfd.readouterr().out == "before after"
