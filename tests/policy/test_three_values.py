"""Unknown is a value: the table of three values, streaks from below, values by month, what is missing."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.rules.explanation import explain
from app.policy.rules.fits import Fit, bind, refit
from app.policy.rules.policy import Policy
from app.policy.rules.reading import read_policy
from app.policy.rules.situation import FirmFacts, Given

DAY = dt.date(2026, 10, 5)
SEPTEMBER = 2026 * 12 + 8
Truth = bool | None


def policy(*exprs: str, facts: str = "a, b, c, t, day", parameters: str = "{n: {2026-01-01: 2}}") -> Policy:
    head = ["format: parklink-policy/1", "id: p", "valid: {from: 2026-01-01}", f"facts: [{facts}]"]
    lines = [f'  - {{id: c{n}, weight: 1, expr: "{expr}"}}' for n, expr in enumerate(exprs)]
    text = "\n".join([*head, f"parameters: {parameters}", "conditions:", *lines, ""])
    found, faults = read_policy(text.encode())
    assert found is not None, faults
    return found


def firm(monthly: Mapping[str, Mapping[int, int]] | None = None, **plain: int | str) -> FirmFacts:
    """Months count from September 2026: 0 is the month asked for, -1 the one before."""
    months = {
        name: {SEPTEMBER + back: Given(value) for back, value in values.items()}
        for name, values in (monthly or {}).items()
    }
    return FirmFacts("A", {name: Given(value) for name, value in plain.items()}, months)


def results(facts: FirmFacts, *exprs: str, day: dt.date = DAY, month: int = SEPTEMBER) -> list[Truth]:
    bound = bind(policy(*exprs), day)
    return list(bound.fit(bound.situation(facts, month)).results)


def one(facts: FirmFacts, expr: str, day: dt.date = DAY) -> Truth:
    return results(facts, expr, day=day)[0]


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("a > 1 and b > 1", None),
        ("b > 1 and a > 1", None),
        ("a > 5 and b > 1", False),
        ("b > 1 and a > 5", False),
        ("a > 1 or b > 1", True),
        ("b > 1 or a > 1", True),
        ("a > 5 or b > 1", None),
        ("not (b > 1)", None),
        ("not (a > 5)", True),
        ("a + b > 1", None),
        ("a / 0 > 1", None),
        ("a / (a - 2) == 0 or a == 2", True),
        ("0 * b == 0", None),
        ("b == b", None),
        ("b in [1, 2]", None),
        ("a in [1, 2]", True),
        ("a in [1, p.n]", True),
        ("a in []", False),
        ("t == 'x' and t != 'y' and t in ['x', 'y'] and t < 'xa' and not (t == 'X')", True),
        ("0.1 + 0.2 == 0.3 and a > 0", True),
        ("a / 3 * 3 == 2", True),
        ("a > 2", False),
        ("a >= 2 and a <= 2 and not (a < 2)", True),
        ("a > 1.99999999999999999999 and not (a > 2.00000000000000000001)", True),
    ],
)
def test_a_is_two_and_b_is_not_known(expr: str, expected: Truth) -> None:
    assert one(firm(a="2", t="x"), expr) is expected


def test_a_parameter_has_no_value_before_its_first_day() -> None:
    facts, before = firm(a="2"), dt.date(2025, 12, 31)
    assert [one(facts, "a >= p.n", before), one(facts, "a >= p.n")] == [None, True]
    assert one(facts, "a in [2, p.n]", before) is True
    assert one(facts, "a in [3, p.n]", before) is None


@pytest.mark.parametrize(
    ("values", "exact", "known"),
    [
        ({0: 1, -1: 1, -2: 1, -3: 0}, 3, None),
        ({0: 0, -1: 1}, 0, None),
        ({0: 1, -1: 1, -3: 1}, None, 2),
        ({0: 1, -9: 1, -10: 0}, None, 1),
        ({-1: 1, -2: 1}, None, None),
        ({}, None, None),
    ],
)
def test_a_streak_is_exact_known_from_below_or_unknown(
    values: dict[int, int], exact: int | None, known: int | None
) -> None:
    facts = firm({"a": values})
    for bound in range(5):
        ops = (">=", ">", "<", "<=", "==", "!=")
        got = results(facts, *(f"streak(a > 0) {op} {bound}" for op in ops))
        flipped = ("<=", "<", ">", ">=", "==", "!=")
        assert got == results(facts, *(f"{bound} {op} streak(a > 0)" for op in flipped))
        wanted: list[Truth] = [None] * 6
        if exact is not None:
            wanted = [exact >= bound, exact > bound, exact < bound, exact <= bound]
            wanted += [exact == bound, exact != bound]
        elif known is not None:
            reached, beyond = known >= bound, known > bound
            wanted = [True if reached else None, True if beyond else None]
            wanted += [False if reached else None, False if beyond else None]
            wanted += [False if beyond else None, True if beyond else None]
        assert got == wanted


def test_arithmetic_with_a_streak_known_from_below_is_unknown_and_membership_may_be_false() -> None:
    facts = firm({"a": {0: 1, -1: 1}})
    assert one(facts, "streak(a > 0) + 1 >= 0") is None
    assert one(facts, "streak(a > 0) in [0, 1]") is False
    assert one(facts, "streak(a > 0) in [1, 2]") is None


def test_a_streak_runs_over_the_turn_of_the_year() -> None:
    january = 2026 * 12
    facts = FirmFacts("A", {}, {"a": {january - n: Given(1) for n in range(4)} | {january - 4: Given(0)}})
    exprs = ("streak(a > 0) == 4", "total(a, 4) == 4 and average(a, 5) == 0.8")
    assert results(facts, *exprs, month=january) == [True, True]


def test_a_fact_without_periods_has_no_months_in_a_row() -> None:
    facts = firm(a=5)
    assert results(facts, "streak(a > 0) >= 0", "latest(a) == 5", "total(a, 1) == 5") == [None, True, None]


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("a == 3", None),
        ("latest(a) == 3", True),
        ("total(a, 2) == 3", None),
        ("average(b, 3) == 2", True),
        ("average(b, 4) == 2", None),
        ("total(b, p.n) == 5", True),
        ("latest(c) == 1", None),
    ],
)
def test_the_value_of_another_month_is_not_the_value_of_this_one(expr: str, expected: Truth) -> None:
    facts = firm({"a": {-1: 3, 1: 9}, "b": {0: 3, -1: 2, -2: 1}, "c": {1: 1}})
    assert one(facts, expr) is expected


@pytest.mark.parametrize(
    ("since", "day", "months"),
    [
        ("2024-02-15", dt.date(2025, 2, 14), 11),
        ("2024-02-15", dt.date(2025, 2, 15), 12),
        ("2024-01-31", dt.date(2024, 2, 29), 1),
        ("2024-02-29", dt.date(2025, 2, 28), 12),
        ("2026-10-06", dt.date(2026, 10, 5), -1),
    ],
)
def test_months_since_counts_whole_months(since: str, day: dt.date, months: int) -> None:
    exprs = (f"months_since(day) == {months}", f"months_since(day) > {months}")
    assert results(firm(day=since), *exprs, day=day) == [True, False]


def test_a_day_in_quotes_is_a_day_and_compares_with_days() -> None:
    exprs = ("day > '2023-12-31' and day <= '2024-01-01'", "day in ['2024-01-01']", "day != '2024-01-01'")
    assert results(firm(day="2024-01-01"), *exprs) == [True, True, False]
    dated = bind(policy("day >= p.n", parameters="{n: {2026-01-01: '2024-01-01'}}"), DAY)
    assert dated.fit(dated.situation(firm(day="2023-12-31"), SEPTEMBER)).results == (False,)


ATOMS = ("a > 1", "b > 1", "c > 1")


@st.composite
def sentences(draw: st.DrawFn, depth: int = 3) -> str:
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(ATOMS))
    kind = draw(st.sampled_from(("and", "or", "not")))
    left = draw(sentences(depth - 1))
    return f"not ({left})" if kind == "not" else f"({left}) {kind} ({draw(sentences(depth - 1))})"


@given(sentences(), st.lists(st.sampled_from((0, 2, None)), min_size=3, max_size=3))
def test_what_is_decided_holds_for_every_completion(expr: str, values: list[int | None]) -> None:
    """Never true or false where a completion says otherwise; exact where every fact stands once."""
    bound = bind(policy(expr), DAY)

    def result(facts: Mapping[str, int | None]) -> Truth:
        known = {name: value for name, value in facts.items() if value is not None}
        return bound.fit(bound.situation(firm(None, **known), SEPTEMBER)).results[0]

    found = result(dict(zip("abc", values, strict=True)))
    ways = [[0, 2] if value is None else [value] for value in values]
    full = {result(dict(zip("abc", way, strict=True))) for way in itertools.product(*ways)}
    if found is not None:
        assert full == {found}
    elif all(expr.count(atom) <= 1 for atom in ATOMS):
        assert full == {True, False}


@given(
    st.dictionaries(st.integers(-6, 0), st.sampled_from((0, 1)), max_size=7),
    st.integers(0, 7),
    st.sampled_from((">=", ">", "<", "<=", "==", "!=")),
)
def test_a_streak_says_nothing_that_a_completion_denies(months: dict[int, int], bound: int, op: str) -> None:
    rule = bind(policy(f"streak(a > 0) {op} {bound}"), DAY)

    def result(values: Mapping[int, int]) -> Truth:
        return rule.fit(rule.situation(firm({"a": values}), SEPTEMBER)).results[0]

    gaps = [back for back in range(-6, 1) if back not in months]
    full = {
        result(months | dict(zip(gaps, values, strict=True)) | {-7: 0})
        for values in itertools.product((0, 1), repeat=len(gaps))
    }
    found = result(months)
    assert found is None or full == {found}


def reasons(facts: FirmFacts, expr: str) -> tuple[list[tuple[str, int | None]], int | Fraction | None]:
    bound = bind(policy(expr), DAY)
    found = explain(bound, 0, bound.situation(facts, SEPTEMBER))
    return [(m.fact, None if m.period is None else m.period - SEPTEMBER) for m in found.missing], found.gap


@pytest.mark.parametrize(
    ("expr", "missing"),
    [
        ("b > 1", [("b", None)]),
        ("(a > 1 or b > 1) and c > 1", [("c", None)]),
        ("b > 1 and b > 2 and c > 1", [("b", None), ("c", None)]),
        ("a > 1 or b > 1", []),
        ("a > 5 and b > 1", []),
        ("a / 0 > 1", []),
        ("b in [1, 2]", [("b", None)]),
        ("b in [1, p.n]", [("b", None)]),
    ],
)
def test_only_what_would_decide_is_missing(expr: str, missing: list[tuple[str, int | None]]) -> None:
    assert reasons(firm(a=2), expr)[0] == missing


@pytest.mark.parametrize(
    ("expr", "missing"),
    [
        ("streak(a > 0) >= 3", [("a", -1)]),
        ("streak(a > 0) >= 1", []),
        ("total(a, 4) > 1", [("a", -1), ("a", -3)]),
        ("latest(a) + b > 1", [("b", 0)]),
        ("b > 1", [("b", 0)]),
        ("latest(c) > 1", [("c", 0)]),
    ],
)
def test_a_month_that_is_missing_is_named(expr: str, missing: list[tuple[str, int | None]]) -> None:
    assert reasons(firm({"a": {0: 1, -2: 1}, "b": {-1: 1}}), expr)[0] == missing


def test_the_gap_is_how_far_a_number_is_from_its_bound() -> None:
    assert reasons(firm(a="0.148"), "a > 0.15")[1] == Fraction(2, 1000)
    assert reasons(firm(a=7), "a * 2 >= 10")[1] == 4
    for expr in ("a > 1 and a > 2", "a in [1]", "b > 1", "t == 'x'"):
        assert reasons(firm(a=7, t="x"), expr)[1] is None


def test_a_changed_fact_recomputes_only_the_policies_that_use_it() -> None:
    bound = [bind(policy("a > 1", facts="a"), DAY), bind(policy("b > 1", facts="b"), DAY)]

    def fits(facts: FirmFacts) -> list[Fit]:
        return [rule.fit(rule.situation(facts, SEPTEMBER)) for rule in bound]

    before, after = firm(a=1, b=1), firm(a=2, b=2)
    known = bound[0].situation(after, SEPTEMBER)
    known.now |= bound[1].situation(after, SEPTEMBER).now
    assert refit(bound, fits(before), known, ["a"]) == {0: fits(after)[0]}
    assert refit(bound, fits(after), known, ["a", "b"]) == {}
