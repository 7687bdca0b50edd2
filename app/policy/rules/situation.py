"""What is known of one firm in the month and on the day asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.policy.rules.values import Value, as_kind


@dataclass(frozen=True, slots=True)
class Given:
    """A value as it came in, and where from."""

    value: Value
    source: str = ""


@dataclass(frozen=True, slots=True)
class FirmFacts:
    """Facts of one firm: those without a period, and those by month number."""

    enterprise: str = ""
    plain: Mapping[str, Given] = field(default_factory=dict)
    monthly: Mapping[str, Mapping[int, Given]] = field(default_factory=dict)

    def monthly_or_nothing(self, fact: str) -> Mapping[int, Given]:
        return self.monthly.get(fact) or {}


def slot(fact: str, kind: str) -> str:
    """The name of a fact read as one kind of value; policies that read it as the same kind share it."""
    return f"{kind}:{fact}"


@dataclass(slots=True)
class Situation:
    """One firm as the compiled conditions see it: values by slot, for the month asked for and by month."""

    facts: FirmFacts
    month: int
    now: dict[str, Value] = field(default_factory=dict)
    monthly: dict[str, dict[int, Value]] = field(default_factory=dict)


def situation(facts: FirmFacts, month: int, wanted: Iterable[tuple[str, str]]) -> Situation:
    """Facts of a firm read as the kinds that the policies want; what is none of that kind is unknown.

    A fact with periods stands for its value in the month asked for, one without for its only value.

    Parameters
    ----------
    facts : FirmFacts
    month : int
        The month asked for (`months.read_month`).
    wanted : iterable of (fact, kind)

    Examples
    --------
    >>> known = FirmFacts("A", {"staff": Given("12")}, {"rd": {24320: Given("0.15")}})
    >>> situation(known, 24320, [("staff", "number"), ("rd", "number")]).now
    {'number:staff': 12, 'number:rd': Fraction(3, 20)}
    """
    found = Situation(facts, month)
    for fact, kind in wanted:
        key = slot(fact, kind)
        months = facts.monthly.get(fact)
        if months:
            by_month = {}
            for period, given in months.items():
                value = as_kind(given.value, kind)
                if value is not None:
                    by_month[period] = value
            found.monthly[key] = by_month
            if month in by_month:
                found.now[key] = by_month[month]
        elif fact in facts.plain:
            value = as_kind(facts.plain[fact].value, kind)
            if value is not None:
                found.now[key] = value
    return found
