"""The policies of the demo park: every test passes, every bound has one, together they use the whole language."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.policy.rules.expressions import Arith, Compare, Expr, Junction, Listing, Not, Streak, Window, walk
from app.policy.rules.policy import Policy
from app.policy.rules.reading import read_policy
from app.policy.rules.trial import run_tests

DEMO = Path(__file__).resolve().parents[2] / "app" / "policy" / "demo"
FILES = sorted(DEMO.glob("*.yaml"))
EDGES = {">=": ">", ">": ">=", "<=": "<", "<": "<=", "==": "!=", "!=": "=="}


def read(path: Path) -> Policy:
    policy, faults = read_policy(path.read_bytes())
    assert policy is not None, faults
    return policy


def mutants(expr: Expr) -> Iterator[Expr]:
    """The expression with one comparison moved over its bound."""
    if isinstance(expr, (Compare, Streak)) and expr.op in EDGES:
        yield dataclasses.replace(expr, op=EDGES[expr.op])
    if isinstance(expr, Not):
        yield from (Not(one) for one in mutants(expr.item))
    elif isinstance(expr, (Junction, Listing)):
        for place, item in enumerate(expr.items):
            for one in mutants(item):
                yield dataclasses.replace(expr, items=(*expr.items[:place], one, *expr.items[place + 1 :]))
    elif isinstance(expr, (Compare, Arith)):
        yield from (dataclasses.replace(expr, left=one) for one in mutants(expr.left))
        yield from (dataclasses.replace(expr, right=one) for one in mutants(expr.right))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_test_passes_and_some_push_and_some_do_not(path: Path) -> None:
    policy = read(path)
    trials = run_tests(policy)
    assert [trial.test.name for trial in trials if not trial.passed] == []
    assert {bool(trial.got["push"]) for trial in trials} == {True, False}
    assert policy.id == path.stem
    assert all((policy.title.zh, policy.title.en, policy.reference, policy.kind, "虚构" in policy.authority))
    assert all(condition.text.zh and condition.text.en for condition in policy.conditions)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_bound_that_moves_breaks_a_test(path: Path) -> None:
    policy = read(path)
    unseen = []
    for place, condition in enumerate(policy.conditions):
        for expr in mutants(condition.expr):
            changed = dataclasses.replace(condition, expr=expr)
            rules = (*policy.conditions[:place], changed, *policy.conditions[place + 1 :])
            if all(trial.passed for trial in run_tests(dataclasses.replace(policy, conditions=rules))):
                unseen.append((condition.id, expr))
    assert unseen == []


def _words(expr: Expr) -> Iterator[str]:
    for part in walk(expr):
        if isinstance(part, (Compare, Arith, Junction)):
            yield part.op
        elif isinstance(part, Streak):
            yield from ("streak", part.op)
        else:
            name = part.function if isinstance(part, Window) else type(part).__name__
            yield {"Not": "not", "Param": "p.", "Latest": "latest", "MonthsSince": "months_since"}.get(
                name, name
            )


def test_there_are_at_least_twelve_of_all_kinds_and_no_two_are_alike_in_shape() -> None:
    policies = [read(path) for path in FILES]
    assert len(policies) >= 12
    assert {policy.kind for policy in policies} == {"coaching", "subsidy", "loan", "space", "talent", "tax"}
    assert {policy.claim for policy in policies} == {"apply", "automatic"}
    shapes = [tuple(tuple(_words(c.expr)) for c in policy.conditions) for policy in policies]
    assert len(set(shapes)) == len(shapes)


def test_together_they_use_every_operator_and_function() -> None:
    used = {word for path in FILES for condition in read(path).conditions for word in _words(condition.expr)}
    wanted = {"and", "or", "not", "<", "<=", ">", ">=", "==", "!=", "in", "+", "-", "*", "/", "p."}
    assert wanted | {"streak", "latest", "total", "average", "months_since"} <= used


def test_every_state_is_met_by_some_test() -> None:
    states = {trial.got["state"] for path in FILES for trial in run_tests(read(path))}
    assert states == {"push", "ineligible", "ask", "near", "no"}
