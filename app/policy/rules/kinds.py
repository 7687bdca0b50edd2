"""Which kind of value every fact has: found from how the conditions use it, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.policy.rules.expressions import (
    Arith,
    Compare,
    Const,
    Expr,
    Fact,
    Junction,
    Latest,
    Listing,
    MonthsSince,
    Not,
    Param,
    Streak,
    Window,
    fact_uses,
)
from app.policy.rules.grammar import MOST_MONTHS
from app.policy.rules.values import ANY, DAY, NUMBER, Listed, Value, kind_of

TRUTH, LIST = "truth", "list"
_OPEN = ""  # a fact whose kind is not known yet

Say = Callable[..., None]
Values = Mapping[str, Sequence[Value | Listed]]


def find_kinds(
    conditions: Sequence[tuple[str, Expr]], facts: Sequence[str], parameters: Values, say: Say
) -> dict[str, str]:
    """Kinds of all facts; conflicts go to `say(condition id, code, **params)`.

    Facts that are only compared with each other stay `any`, read by their look; compared by order they are numbers.

    Examples
    --------
    >>> rule = Compare(">=", Fact("patents"), Const(1))
    >>> find_kinds([("ip", rule)], ["patents", "name"], {}, print)
    {'patents': 'number', 'name': 'any'}
    """
    kinds = dict.fromkeys(facts, _OPEN)
    for _round in range(len(facts) + 2):
        before = dict(kinds)
        for _name, expr in conditions:
            _Checker(kinds, parameters, lambda *_a, **_k: None).condition(expr)
        if kinds == before:
            break
    for _name, expr in conditions:
        _ordered_are_numbers(expr, kinds)
    for name, expr in conditions:
        _Checker(kinds, parameters, lambda code, n=name, **params: say(n, code, **params)).condition(expr)
    return {fact: kind or ANY for fact, kind in kinds.items()}


def _ordered_are_numbers(expr: Expr, kinds: dict[str, str]) -> None:
    if isinstance(expr, Compare) and expr.op in ("<", "<=", ">", ">="):
        for use in (*fact_uses(expr.left), *fact_uses(expr.right)):
            name = use.name if isinstance(use, Fact) else use.fact
            kinds[name] = kinds[name] or NUMBER
    elif isinstance(expr, (Junction, Not)):
        for part in expr.items if isinstance(expr, Junction) else (expr.item,):
            _ordered_are_numbers(part, kinds)


class _Checker:
    """One pass over one condition; `kinds` is filled while facts are met beside values of a known kind."""

    def __init__(self, kinds: dict[str, str], parameters: Values, say: Say) -> None:
        self.kinds, self.parameters, self.say = kinds, parameters, say

    def condition(self, expr: Expr) -> None:
        kind = self.kind(expr)
        if kind != TRUTH:
            self.say("policy_not_a_truth")

    def kind(self, expr: Expr) -> str:
        if isinstance(expr, Const):
            return kind_of(expr.value)
        if isinstance(expr, Param):
            return self._parameter(expr.name)
        if isinstance(expr, (Fact, Latest)):
            return self.kinds[expr.name if isinstance(expr, Fact) else expr.fact]
        if isinstance(expr, (Not, Junction)):
            self._truths(expr)
            return TRUTH
        if isinstance(expr, Compare):
            self._compare(expr.op, expr.left, expr.right)
            return TRUTH
        return self._other(expr)

    def _other(self, expr: Expr) -> str:
        if isinstance(expr, MonthsSince):
            self._fact(expr.fact, DAY)
        elif isinstance(expr, Window):
            self._fact(expr.fact, NUMBER)
            self._window(expr)
        elif isinstance(expr, Streak):
            if fact_uses(expr.bound):
                self.say("policy_streak_bound")
            self._compare(expr.op, Fact(expr.fact), expr.bound)
        elif isinstance(expr, Arith):
            self._want(expr.left, NUMBER)
            self._want(expr.right, NUMBER)
        else:
            self.say("policy_list_here")
        return NUMBER

    def _parameter(self, name: str) -> str:
        value = self.parameters[name][0]
        return LIST if isinstance(value, tuple) else kind_of(value)

    def _window(self, expr: Window) -> None:
        if not isinstance(expr.months, Param):
            return
        values = self.parameters[expr.months.name]
        if not all(isinstance(v, int) and 1 <= v <= MOST_MONTHS for v in values):
            self.say("policy_months", most=MOST_MONTHS)

    def _truths(self, expr: Not | Junction) -> None:
        for part in (expr.item,) if isinstance(expr, Not) else expr.items:
            if self.kind(part) != TRUTH:
                self.say("policy_truth_wanted")

    def _compare(self, op: str, left: Expr, right: Expr) -> None:
        if op == "in":
            self._member(left, right)
            return
        mine, theirs = self.kind(left), self.kind(right)
        if TRUTH in (mine, theirs) or LIST in (mine, theirs):
            self.say("policy_not_comparable")
        elif mine and not theirs:
            self._want(right, mine)
        elif theirs and not mine:
            self._want(left, theirs)
        elif mine != theirs:
            self.say("policy_wrong_kind", kind=mine, other=theirs)

    def _member(self, left: Expr, right: Expr) -> None:
        if isinstance(right, Listing):
            for item in right.items:
                if fact_uses(item) or self.kind(item) in (TRUTH, LIST):
                    self.say("policy_bad_list_item")
                else:
                    self._compare("==", left, item)
        elif isinstance(right, Param) and self._parameter(right.name) == LIST:
            for values in self.parameters[right.name]:
                for value in values if isinstance(values, tuple) else (values,):
                    self._compare("==", left, Const(value))
        else:
            self.say("policy_list_wanted")

    def _want(self, expr: Expr, kind: str) -> None:
        if isinstance(expr, (Fact, Latest)):
            self._fact(expr.name if isinstance(expr, Fact) else expr.fact, kind)
            return
        found = self.kind(expr)
        if found != kind:
            self.say("policy_wrong_kind", kind=kind, other=found)

    def _fact(self, fact: str, kind: str) -> None:
        known = self.kinds[fact]
        if not known:
            self.kinds[fact] = kind
        elif known != kind:
            self.say("policy_fact_of_two_kinds", name=fact, kind=known, other=kind)
