"""Running the tests that a rule file carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.policy.rules.fits import RESULTS, Fit, bind
from app.policy.rules.policy import Expected, Policy, PolicyTest
from app.policy.rules.values import read_number

Got = Mapping[str, float | bool | str | list[str]]


@dataclass(frozen=True, slots=True)
class Trial:
    """One test and what came out of it."""

    test: PolicyTest
    passed: bool
    got: Got


def run_tests(policy: Policy) -> list[Trial]:
    """Every test of the file against this very version, in the order of the file.

    The days and months are those of each test, also before `valid.from`: the file is judged, not its validity.
    """
    found = []
    for test in policy.tests:
        bound = bind(policy, test.as_of)
        got = outcome(policy, bound.fit(bound.situation(test.facts, test.month)))
        passed = all(_agrees(key, wanted, got[key]) for key, wanted in test.expect.items())
        found.append(Trial(test, passed, got))
    return found


def outcome(policy: Policy, fit: Fit) -> Got:
    """A fit in the words of `expect`."""
    by_result: dict[str, list[str]] = {"met": [], "unmet": [], "unknown": []}
    for condition, result in zip(policy.conditions, fit.results, strict=True):
        by_result[RESULTS[result]].append(condition.id)
    return {
        "fit": fit.fit_percent,
        "push": fit.push,
        "state": fit.state,
        **by_result,
        "ask": list(fit.ask),
    }


def _agrees(key: str, wanted: Expected, got: float | bool | str | list[str]) -> bool:
    if isinstance(got, list):
        assert isinstance(wanted, tuple)
        return list(wanted) == got if key == "ask" else sorted(wanted) == sorted(got)
    if key == "fit":
        return wanted == read_number(repr(got))
    return wanted == got
