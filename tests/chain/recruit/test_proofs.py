"""Both ways to a proof – whole-number programming and the search of our own – agree with every subset."""

from __future__ import annotations

import itertools
import os
import random

import pytest

from app.chain.recruit import integers as whole
from app.chain.recruit import search
from app.chain.recruit.bounds import ONE, bound
from app.chain.recruit.cuts import Aid, Cutter
from app.chain.recruit.integers import Integers, Settled
from app.chain.recruit.plan import recruit
from app.chain.recruit.quiet import quiet
from app.chain.recruit.rules import Model, allowed, key, whole_numbers
from tests.chain.recruit.test_rules import every_choice, rank, small_park


def subsets(model: Model) -> list[tuple[int, ...]]:
    everybody = range(len(model.codes))
    return [some for size in range(len(everybody) + 1) for some in itertools.combinations(everybody, size)]


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
