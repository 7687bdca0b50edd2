"""The fit of a firm for a policy (contract 5.3): weights, states, what to ask; each state the first that holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.policy.rules.evaluation import Compiler, Run, Truth
from app.policy.rules.policy import Condition, Policy
from app.policy.rules.situation import FirmFacts, Situation, situation
from app.policy.rules.values import Listed, Value

PUSH_AT = (9, 10)
NEAR_AT = (7, 10)
RESULTS: Mapping[Truth, str] = {True: "met", False: "unmet", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Fit:
    """What a policy is for a firm: results in the order of the conditions, exact shares, state and questions."""

    results: tuple[Truth, ...]
    fit: Fraction
    possible: Fraction
    state: str
    ask: tuple[str, ...]

    @property
    def push(self) -> bool:
        return self.state == "push"

    @property
    def fit_percent(self) -> float:
        return down(self.fit)

    @property
    def possible_percent(self) -> float:
        return down(self.possible)


def down(share: Fraction) -> float:
    """A share in percent, rounded down to 0.1.

    >>> down(Fraction(8, 9)), down(Fraction(9, 10))
    (88.8, 90.0)
    """
    return (share * 1000).__floor__() / 10


def judge(conditions: Sequence[Condition], results: Sequence[Truth]) -> Fit:
    """The fit of three-valued results.

    Parameters
    ----------
    conditions : sequence of Condition
    results : sequence of bool or None
        One for each condition; `None` is unknown.

    Examples
    --------
    >>> from app.policy.rules.expressions import Const
    >>> ten = [Condition(f"c{n}", 1, False, Const(0)) for n in range(10)]
    >>> fit = judge(ten, [True] * 9 + [False])
    >>> fit.fit_percent, fit.state
    (90.0, 'push')
    """
    total = met = unknown = 0
    blocked = open_mandatory = False
    for condition, result in zip(conditions, results, strict=True):
        weight = condition.weight
        total += weight
        if result:
            met += weight
        elif result is None:
            unknown += weight
            open_mandatory = open_mandatory or condition.mandatory
        elif condition.mandatory:
            blocked = True
    if blocked:
        return Fit(tuple(results), Fraction(0), Fraction(0), "ineligible", ())
    state = _state(met, unknown, total, open_mandatory)
    ask = _ask(conditions, results, met, total) if state == "ask" else ()
    return Fit(tuple(results), Fraction(met, total), Fraction(met + unknown, total), state, ask)


def _state(met: int, unknown: int, total: int, open_mandatory: bool) -> str:
    if _reaches(met, total, PUSH_AT) and not open_mandatory:
        return "push"
    if _reaches(met + unknown, total, PUSH_AT):
        return "ask"
    return "near" if _reaches(met, total, NEAR_AT) else "no"


def _reaches(weight: int, total: int, share: tuple[int, int]) -> bool:
    return weight * share[1] >= total * share[0]


def _ask(conditions: Sequence[Condition], results: Sequence[Truth], met: int, total: int) -> tuple[str, ...]:
    """Unknown conditions: all mandatory ones, then others until 90 % can be reached, heaviest first."""
    unknown = [c for c, result in zip(conditions, results, strict=True) if result is None]
    unknown.sort(key=lambda c: (not c.mandatory, -c.weight))  # stable: equal ones as in the file
    asked = []
    for condition in unknown:
        if not condition.mandatory and _reaches(met, total, PUSH_AT):
            break
        asked.append(condition.id)
        met += condition.weight
    return tuple(asked)


@dataclass(slots=True)
class Bound:
    """A policy compiled for one day."""

    policy: Policy
    as_of: dt.date
    parameters: Mapping[str, Value | Listed | None]
    compiler: Compiler
    runs: tuple[Run, ...]

    def fit(self, firm: Situation) -> Fit:
        """The fit of a firm."""
        return judge(self.policy.conditions, [run(firm) for run in self.runs])  # type: ignore[misc]

    def situation(self, facts: FirmFacts, month: int) -> Situation:
        """The firm as this policy alone reads its facts."""
        return situation(facts, month, self.policy.kinds.items())


def bind(policy: Policy, as_of: dt.date) -> Bound:
    """A policy for the day asked for: its parameters have that day's values, for every month of a streak alike."""
    parameters = {name: policy.parameter(name, as_of) for name in policy.parameters}
    compiler = Compiler(policy.kinds, parameters, as_of)
    runs = tuple(compiler.run(condition.expr) for condition in policy.conditions)
    return Bound(policy, as_of, parameters, compiler, runs)


def wanted_facts(policies: Iterable[Policy]) -> list[tuple[str, str]]:
    """(fact, kind) that any of the policies reads, for `situation`."""
    return sorted({pair for policy in policies for pair in policy.kinds.items()})


def refit(
    bound: Sequence[Bound], before: Sequence[Fit], firm: Situation, changed: Iterable[str]
) -> dict[int, Fit]:
    """New fits after some facts of a firm changed, by place in `bound`; what does not use them is left alone.

    Parameters
    ----------
    bound : sequence of Bound
    before : sequence of Fit
        The fits up to now, in the order of `bound`.
    firm : Situation
        The firm with its new facts.
    changed : iterable of str
        Names of the facts that changed.

    Returns
    -------
    dict of int to Fit
        Only those that differ from before.
    """
    names = set(changed)
    found = {}
    for place, policy in enumerate(bound):
        if names.isdisjoint(policy.policy.facts):
            continue
        fit = policy.fit(firm)
        if fit != before[place]:
            found[place] = fit
    return found
