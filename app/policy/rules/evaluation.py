"""Expressions to functions with three values: true, false and unknown; unknown is `None` throughout."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

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
from app.policy.rules.months import months_between
from app.policy.rules.situation import Situation, slot
from app.policy.rules.values import Listed, Value, whole_if_whole

Run = Callable[[Situation], object]
Truth = bool | None

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A streak cut off by a month that is not known: so many months, perhaps more."""

    months: int


class Compiler:
    """Compiles the expressions of one policy for one day: parameters are values by then.

    Parameters
    ----------
    kinds : mapping of fact to kind
    parameters : mapping of name to value on that day, or nothing before the first
    as_of : date
        The day asked for.
    """

    def __init__(
        self,
        kinds: Mapping[str, str],
        parameters: Mapping[str, Value | Listed | None],
        as_of: dt.date,
    ) -> None:
        self.kinds, self.parameters, self.as_of = kinds, parameters, as_of
        self._made: dict[Expr, Run] = {}

    def run(self, expr: Expr) -> Run:
        """The function of an expression; the same for equal expressions.

        Examples
        --------
        >>> from app.policy.rules.situation import FirmFacts
        >>> run = Compiler({"a": "number"}, {}, dt.date(2026, 1, 1)).run(Compare(">", Fact("a"), Const(1)))
        >>> run(Situation(FirmFacts(), 0, {"number:a": 2})), run(Situation(FirmFacts(), 0))
        (True, None)
        """
        made = self._made.get(expr)
        if made is None:
            made = self._made[expr] = self._folded(expr)
        return made

    def _folded(self, expr: Expr) -> Run:
        made = self._make(expr)
        if fact_uses(expr):
            return made
        value = made(_NOBODY)
        return lambda _s: value

    def _make(self, expr: Expr) -> Run:
        if isinstance(expr, Const):
            value = expr.value
            return lambda _s: value
        if isinstance(expr, Param):
            given = self.parameters[expr.name]
            return lambda _s: given
        if isinstance(expr, Compare):
            return self._compare(expr)
        if isinstance(expr, Junction):
            return _junction(expr.op == "or", [self.run(item) for item in expr.items])
        if isinstance(expr, Not):
            return _not(self.run(expr.item))
        return self._number(expr)

    def _number(self, expr: Expr) -> Run:
        if isinstance(expr, Fact):
            key = slot(expr.name, self.kinds[expr.name])
            return lambda s: s.now.get(key)
        if isinstance(expr, Arith):
            return _arith(expr.op, self._exact(expr.left), self._exact(expr.right))
        if isinstance(expr, Latest):
            return _latest(slot(expr.fact, self.kinds[expr.fact]))
        if isinstance(expr, Window):
            return _window(slot(expr.fact, self.kinds[expr.fact]), self.run(expr.months), expr.function)
        if isinstance(expr, MonthsSince):
            return _months_since(slot(expr.fact, self.kinds[expr.fact]), self.as_of)
        assert isinstance(expr, Streak)
        return self._streak(expr)

    def _exact(self, expr: Expr) -> Run:
        """As `run`; a streak known only from below is unknown here."""
        made = self.run(expr)
        if not isinstance(expr, Streak):
            return made

        def exact(s: Situation) -> object:
            value = made(s)
            return None if isinstance(value, AtLeast) else value

        return exact

    def _streak(self, expr: Streak) -> Run:
        key = slot(expr.fact, self.kinds[expr.fact])
        holds = self._one_month(expr)

        def streak(s: Situation) -> object:
            months = s.monthly.get(key)
            if months is None or s.month not in months:
                return None
            month = s.month
            while month in months:
                held = holds(months[month])
                if held is None:
                    return None
                if not held:
                    return s.month - month
                month -= 1
            return AtLeast(s.month - month)

        return streak

    def _one_month(self, expr: Streak) -> Callable[[Value], Truth]:
        """Whether one month's value meets the comparison inside a streak."""
        if expr.op == "in":
            members = self._members(expr.bound)
            return lambda value: _any_equal(value, members)
        bound = self.run(expr.bound)(_NOBODY)
        compare = _COMPARE[expr.op]
        return lambda value: None if bound is None else compare(value, bound)

    def _members(self, listing: Expr) -> tuple[object, ...] | None:
        if isinstance(listing, Listing):
            return tuple(self.run(item)(_NOBODY) for item in listing.items)
        assert isinstance(listing, Param)
        given = self.parameters[listing.name]
        return None if given is None else given if isinstance(given, tuple) else (given,)

    def _compare(self, expr: Compare) -> Run:
        left = self.run(expr.left)
        if expr.op == "in":
            members = self._members(expr.right)
            return lambda s: _any_equal(left(s), members)
        if isinstance(expr.left, Fact) and not fact_uses(expr.right):
            bound = self.run(expr.right)(_NOBODY)
            return _fact_against(slot(expr.left.name, self.kinds[expr.left.name]), expr.op, bound)
        right, op = self.run(expr.right), expr.op
        plain = _COMPARE[op]
        if not any(isinstance(side, Streak) for side in (expr.left, expr.right)):

            def compare(s: Situation) -> Truth:
                a = left(s)
                if a is None:
                    return None
                b = right(s)
                return None if b is None else plain(a, b)

            return compare
        return lambda s: _compare_streak(op, left(s), right(s))


def _fact_against(key: str, op: str, bound: object) -> Run:
    """The frequent case by itself: a fact beside a value; numbers are cross-multiplied, the same answer sooner."""
    compare = _COMPARE[op]
    if bound is None:
        return lambda _s: None
    if not isinstance(bound, Fraction):

        def against(s: Situation) -> Truth:
            value = s.now.get(key)
            return None if value is None else compare(value, bound)

        return against
    above, below = bound.numerator, bound.denominator

    def crossed(s: Situation) -> Truth:
        value = s.now.get(key)
        if value is None:
            return None
        return compare(value.numerator * below, above * value.denominator)  # type: ignore[union-attr]

    return crossed


def _compare_streak(op: str, left: object, right: object) -> Truth:
    """A comparison where a side may be known from below only."""
    if left is None or right is None:
        return None
    if isinstance(left, AtLeast):
        return None if isinstance(right, AtLeast) else _from_below(op, left.months, right)
    if isinstance(right, AtLeast):
        return _from_below(_FLIPPED[op], right.months, left)
    return _COMPARE[op](left, right)


def _from_below(op: str, known: int, bound: object) -> Truth:
    """`streak op bound` when the streak is `known` or more.

    >>> [_from_below(">=", 3, bound) for bound in (3, 4)], [_from_below("<", 3, bound) for bound in (3, 4)]
    ([True, None], [False, None])
    >>> _from_below("==", 3, 2), _from_below("==", 3, 3), _from_below("!=", 3, 2)
    (False, None, True)
    """
    reached = known >= bound  # type: ignore[operator]
    beyond = known > bound  # type: ignore[operator]
    if op in (">=", "<"):
        return (op == ">=") if reached else None
    if op in (">", "<="):
        return (op == ">") if beyond else None
    return (op == "!=") if beyond else None


def _any_equal(value: object, members: tuple[object, ...] | None) -> Truth:
    if value is None or members is None:
        return None
    found: Truth = False
    for member in members:
        same = _compare_streak("==", value, member)
        if same:
            return True
        if same is None:
            found = None
    return found


def _junction(ends: bool, items: list[Run]) -> Run:
    """`and` ends at the first false, `or` at the first true; a later one may still end it after an unknown."""

    def junction(s: Situation) -> Truth:
        result: Truth = not ends
        for item in items:
            value = item(s)
            if value is ends:
                return ends
            if value is None:
                result = None
        return result

    return junction


def _not(item: Run) -> Run:
    def negated(s: Situation) -> Truth:
        value = item(s)
        return None if value is None else not value

    return negated


def _arith(op: str, left: Run, right: Run) -> Run:
    def arith(s: Situation) -> object:
        a, b = left(s), right(s)
        if a is None or b is None:
            return None
        return calculate(op, a, b)  # type: ignore[arg-type]

    return arith


def calculate(op: str, a: int | Fraction, b: int | Fraction) -> int | Fraction | None:
    """One exact step; a division by zero is unknown.

    >>> calculate("/", 1, 3), calculate("/", 1, 0), calculate("-", 1, 3)
    (Fraction(1, 3), None, -2)
    """
    if op == "+":
        return a + b
    if op == "-":
        return a - b
    if op == "*":
        return a * b
    return whole_if_whole(Fraction(a) / b) if b else None


def _latest(key: str) -> Run:
    def latest(s: Situation) -> object:
        months = s.monthly.get(key)
        if months is None:
            return s.now.get(key)
        known = [month for month in months if month <= s.month]
        return months[max(known)] if known else None

    return latest


def _window(key: str, count: Run, function: str) -> Run:
    def window(s: Situation) -> object:
        months, n = s.monthly.get(key), count(s)
        if months is None or not isinstance(n, int):
            return None
        values = [months.get(month) for month in range(s.month - n + 1, s.month + 1)]
        if any(value is None for value in values):
            return None
        total = sum(values)  # type: ignore[arg-type]
        return total if function == "total" else whole_if_whole(Fraction(total, n))

    return window


def _months_since(key: str, as_of: dt.date) -> Run:
    def months_since(s: Situation) -> object:
        day = s.now.get(key)
        return months_between(day, as_of) if isinstance(day, dt.date) else None

    return months_since


_NOBODY = Situation(facts=None, month=0)  # type: ignore[arg-type]  # what is folded asks nobody
