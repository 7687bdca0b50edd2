"""The fit of a firm: bounds of the contract, what is asked, and every completion of small cases."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from app.policy.rules.expressions import Const
from app.policy.rules.fits import Fit, judge
from app.policy.rules.policy import Condition

Truth = bool | None
Case = tuple[int, bool, Truth]
CASES = st.lists(
    st.tuples(st.integers(1, 12), st.booleans(), st.sampled_from((True, False, None))), min_size=1, max_size=6
)


def conditions(*weights: int, mandatory: frozenset[int] = frozenset()) -> list[Condition]:
    return [Condition(f"c{n}", weight, n in mandatory, Const(0)) for n, weight in enumerate(weights)]


def told(fit: Fit) -> tuple[float, float, str, tuple[str, ...]]:
    return fit.fit_percent, fit.possible_percent, fit.state, fit.ask


def test_the_bounds_of_the_contract() -> None:
    assert told(judge(conditions(*[1] * 10), [True] * 9 + [False])) == (90.0, 90.0, "push", ())
    assert told(judge(conditions(*[1] * 9), [True] * 8 + [False])) == (88.8, 88.8, "near", ())
    twenty = conditions(*[1] * 20, mandatory=frozenset({0}))
    assert told(judge(twenty, [False] + [True] * 19)) == (0.0, 0.0, "ineligible", ())
    assert told(judge(twenty, [None] + [True] * 19)) == (95.0, 100.0, "ask", ("c0",))
    assert told(judge(conditions(7, 3), [True, False])) == (70.0, 70.0, "near", ())
    assert told(judge(conditions(69, 31), [True, False])) == (69.0, 69.0, "no", ())


def test_what_is_asked_is_heaviest_first_equal_ones_as_in_the_file_and_no_more_than_decides() -> None:
    some = conditions(10, 2, 5, 2, 5, 1, mandatory=frozenset({1, 3}))
    assert judge(some, [True, None, None, None, None, None]).ask == ("c1", "c3", "c2", "c4")
    assert judge(conditions(85, 5, 5, 5), [True, None, None, None]).ask == ("c1",)
    assert judge(conditions(1, 1), [None, None]).ask == ("c0", "c1")
    both = conditions(1, 1, 8, mandatory=frozenset({0, 1}))
    assert told(judge(both, [None, False, None])) == (0.0, 0.0, "ineligible", ())


def test_near_is_not_asked_and_all_unknown_is() -> None:
    assert told(judge(conditions(75, 15, 10), [True, False, None])) == (75.0, 85.0, "near", ())
    assert told(judge(conditions(60, 25, 15), [True, False, None])) == (60.0, 75.0, "no", ())
    assert told(judge(conditions(5, 5), [None, None])) == (0.0, 100.0, "ask", ("c0", "c1"))


def completions(found: list[Truth]) -> Iterator[list[Truth]]:
    places = [n for n, result in enumerate(found) if result is None]
    for values in itertools.product((True, False), repeat=len(places)):
        full = list(found)
        for place, value in zip(places, values, strict=True):
            full[place] = value
        yield full


def split(cases: list[Case]) -> tuple[list[Condition], list[Truth]]:
    rows = [Condition(f"c{n}", weight, must, Const(0)) for n, (weight, must, _r) in enumerate(cases)]
    return rows, [result for _w, _m, result in cases]


@given(CASES)
def test_a_fit_with_unknown_agrees_with_all_its_completions(cases: list[Case]) -> None:
    rows, found = split(cases)
    fit = judge(rows, found)
    full = [judge(rows, results) for results in completions(found)]
    assert fit.possible == max(one.fit for one in full)
    if not any(must and result is None for _weight, must, result in cases):
        assert fit.fit == min(one.fit for one in full)
    assert (fit.state == "push") == all(one.state == "push" for one in full)
    assert (fit.state == "ineligible") == all(one.state == "ineligible" for one in full)
    assert (fit.state in ("push", "ask")) == any(one.state == "push" for one in full)


@given(CASES)
def test_the_questions_decide_and_none_of_them_can_be_spared(cases: list[Case]) -> None:
    rows, found = split(cases)
    fit = judge(rows, found)

    def answered(asked: tuple[str, ...]) -> str:
        return judge(rows, [True if c.id in asked else r for c, r in zip(rows, found, strict=True)]).state

    assert bool(fit.ask) == (fit.state == "ask")
    if fit.ask:
        assert answered(fit.ask) == "push"
        assert answered(fit.ask[:-1]) != "push"


@given(CASES)
def test_shown_percents_are_tenths_never_above_the_exact_share(cases: list[Case]) -> None:
    fit = judge(*split(cases))
    for shown, exact in ((fit.fit_percent, fit.fit), (fit.possible_percent, fit.possible)):
        tenths = round(shown * 10)
        assert tenths / 10 == shown and tenths <= exact * 1000 < tenths + 1
