"""Why a condition came out as it did: the values used with their sources, what is missing, how far from the bound."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from app.policy.rules.evaluation import AtLeast, Compiler
from app.policy.rules.expressions import (
    Compare,
    Expr,
    Fact,
    FactUse,
    Latest,
    Listing,
    MonthsSince,
    Streak,
    Window,
    fact_name,
    fact_uses,
    parts,
)
from app.policy.rules.fits import Bound
from app.policy.rules.situation import Given, Situation, slot
from app.policy.rules.values import Value


@dataclass(frozen=True, slots=True)
class Use:
    """One value that a condition looked at; `period` is a month number, or nothing for a fact without periods."""

    fact: str
    period: int | None
    value: Value
    source: str


@dataclass(frozen=True, slots=True)
class Missing:
    """One value that a condition would need."""

    fact: str
    period: int | None


@dataclass(frozen=True, slots=True)
class Reasons:
    """Uses, what is missing (only of an unknown condition), and the distance of a number from its bound."""

    uses: tuple[Use, ...]
    missing: tuple[Missing, ...]
    gap: int | Fraction | None


def explain(bound: Bound, place: int, firm: Situation) -> Reasons:
    """The reasons of the condition at `place`."""
    expr = bound.policy.conditions[place].expr
    looking = _Looking(bound, firm)
    uses = tuple(dict.fromkeys(u for use in fact_uses(expr) for u in looking.uses(use)))
    unknown = bound.runs[place](firm) is None
    missing = tuple(dict.fromkeys(looking.missing(expr))) if unknown else ()
    return Reasons(uses, missing, looking.gap(expr))


class _Looking:
    """Looks into one firm's facts for one policy."""

    def __init__(self, bound: Bound, firm: Situation) -> None:
        self.firm, self.kinds = firm, bound.policy.kinds
        self.compiler: Compiler = bound.compiler
        self.by_month = {
            fact_name(use)
            for condition in bound.policy.conditions
            for use in fact_uses(condition.expr)
            if isinstance(use, (Streak, Window, Latest))
        }

    def value(self, expr: Expr) -> object:
        return self.compiler.run(expr)(self.firm)

    def _months(self, fact: str) -> dict[int, Value] | None:
        return self.firm.monthly.get(slot(fact, self.kinds[fact]))

    def periods(self, use: FactUse) -> list[int | None]:
        """The periods that a use looks at, known or not, latest first."""
        fact, month = fact_name(use), self.firm.month
        months = self._months(fact)
        if isinstance(use, Window):
            count = self.value(use.months)
            return [month - n for n in range(count)] if isinstance(count, int) else []
        if isinstance(use, Streak):
            return self._streak_periods(use)
        if isinstance(use, Latest) and months is not None:
            known = [one for one in months if one <= month]
            return [max(known)] if known else [month]
        return [None if months is None and not self._asked_by_month(fact, use) else month]

    def _asked_by_month(self, fact: str, use: FactUse) -> bool:
        """A fact that is not there at all is asked for by month where the policy reads it by month."""
        plain = fact in self.firm.facts.plain
        return not plain and (isinstance(use, Latest) or fact in self.by_month)

    def _streak_periods(self, use: Streak) -> list[int | None]:
        month, found = self.firm.month, list[int | None]()
        length = self.value(use)
        count = length.months if isinstance(length, AtLeast) else length if isinstance(length, int) else 0
        found.extend(month - n for n in range(count + 1))
        return found

    def uses(self, use: FactUse) -> list[Use]:
        found = []
        for period in self.periods(use):
            given = self._given(fact_name(use), period)
            value = self._read(fact_name(use), period)
            if given is not None and value is not None:
                found.append(Use(fact_name(use), period, value, given.source))
        return found

    def _given(self, fact: str, period: int | None) -> Given | None:
        facts = self.firm.facts
        return facts.plain.get(fact) if period is None else facts.monthly_or_nothing(fact).get(period)

    def _read(self, fact: str, period: int | None) -> Value | None:
        if period is None:
            return self.firm.now.get(slot(fact, self.kinds[fact]))
        return (self._months(fact) or {}).get(period)

    def missing(self, expr: Expr) -> list[Missing]:
        """What makes an unknown expression unknown: parts that are known on their own ask for nothing."""
        if isinstance(expr, (Fact, Latest, MonthsSince, Streak, Window)):
            value = self.value(expr)
            if value is not None and not isinstance(value, AtLeast):
                return []
            fact = fact_name(expr)
            return [Missing(fact, p) for p in self.periods(expr) if self._read(fact, p) is None]
        if isinstance(expr, Listing) or self.value(expr) is not None:
            return []  # a list holds no facts
        return [one for part in parts(expr) for one in self.missing(part)]

    def gap(self, expr: Expr) -> int | Fraction | None:
        """The distance of a compared number from its bound; nothing for other conditions or unknown numbers."""
        if not isinstance(expr, Compare) or expr.op == "in":
            return None
        left, right = self.value(expr.left), self.value(expr.right)
        if isinstance(left, (int, Fraction)) and isinstance(right, (int, Fraction)):
            return Fraction(abs(Fraction(left) - Fraction(right)))
        return None
