"""What keeps a rule file from being approved: all of it at once, with line and column."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from app.hall.errors import Reason
from app.policy.rules.expressions import (
    Arith,
    Compare,
    Expr,
    Fact,
    Junction,
    Latest,
    Listing,
    Not,
    Streak,
    Window,
    fact_name,
    walk,
)
from app.policy.rules.policy import Policy
from app.policy.rules.trial import Trial, run_tests
from app.policy.rules.values import NUMBER

EDGES = {">=": ">", ">": ">=", "<=": "<", "<": "<=", "==": "!=", "!=": "=="}


def moved(expr: Expr) -> Iterator[tuple[Expr, Expr]]:
    """(comparison, the whole expression with that comparison moved over its bound)."""
    if isinstance(expr, (Compare, Streak)) and expr.op in EDGES:
        yield expr, dataclasses.replace(expr, op=EDGES[expr.op])
    if isinstance(expr, Not):
        yield from ((bound, Not(one)) for bound, one in moved(expr.item))
    elif isinstance(expr, (Junction, Listing)):
        for place, item in enumerate(expr.items):
            for bound, one in moved(item):
                items = (*expr.items[:place], one, *expr.items[place + 1 :])
                yield bound, dataclasses.replace(expr, items=items)
    elif isinstance(expr, (Compare, Arith)):
        yield from ((bound, dataclasses.replace(expr, left=one)) for bound, one in moved(expr.left))
        yield from ((bound, dataclasses.replace(expr, right=one)) for bound, one in moved(expr.right))


def is_number_bound(bound: Expr, policy: Policy) -> bool:
    """Whether the comparison looks at a fact that is a number; days and texts need no test at their bound."""
    return any(
        isinstance(part, (Fact, Latest, Streak, Window)) and policy.kinds.get(fact_name(part)) == NUMBER
        for part in walk(bound)
    )


def untested_bounds(policy: Policy, trials: Sequence[Trial]) -> list[int]:
    """Places of conditions with a bound of a number at which no test stands: moved by one step, no test notices."""
    found = []
    for place, condition in enumerate(policy.conditions):
        for bound, expr in moved(condition.expr):
            if not is_number_bound(bound, policy):
                continue
            changed = dataclasses.replace(condition, expr=expr)
            rules = (*policy.conditions[:place], changed, *policy.conditions[place + 1 :])
            after = run_tests(dataclasses.replace(policy, conditions=rules))
            if all(old.got == new.got for old, new in zip(trials, after, strict=True)):
                found.append(place)
                break
    return found


def doubts(policy: Policy) -> tuple[Reason, ...]:
    """Everything that stands between a sound file and its approval.

    Returns
    -------
    tuple of Reason
        ``policy_metadata_missing``, ``policy_no_tests``, ``policy_test_failed``, ``policy_no_test_pushes``,
        ``policy_no_test_refuses``, ``policy_bound_untested``, in this order; nothing when all is well.
    """
    trials = run_tests(policy)
    return (*_metadata(policy), *_tests(trials), *_bounds(policy, trials))


def _metadata(policy: Policy) -> Iterator[Reason]:
    wanted = {
        "title.zh": policy.title.zh,
        "title.en": policy.title.en,
        "authority": policy.authority,
        "reference": policy.reference,
        "kind": policy.kind,
    }
    missing = [name for name, value in wanted.items() if not value.strip()]
    if missing:
        line, column = policy.place
        yield Reason("policy_metadata_missing", {"line": line, "column": column, "names": ", ".join(missing)})
    for condition in policy.conditions:
        if not (condition.text.zh and condition.text.en):
            line, column = condition.place
            yield Reason("policy_text_missing", {"line": line, "column": column, "condition": condition.id})


def _tests(trials: Sequence[Trial]) -> Iterator[Reason]:
    if not trials:
        yield Reason("policy_no_tests")
        return
    for trial in trials:
        if not trial.passed:
            line, column = trial.test.place
            yield Reason("policy_test_failed", {"line": line, "column": column, "name": trial.test.name})
    pushes = {bool(trial.got["push"]) for trial in trials}
    if True not in pushes:
        yield Reason("policy_no_test_pushes")
    if False not in pushes:
        yield Reason("policy_no_test_refuses")


def _bounds(policy: Policy, trials: Sequence[Trial]) -> Iterator[Reason]:
    if not trials:
        return
    for place in untested_bounds(policy, trials):
        condition = policy.conditions[place]
        line, column = condition.place
        yield Reason("policy_bound_untested", {"line": line, "column": column, "condition": condition.id})
