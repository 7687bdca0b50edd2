"""What a rule file says, as plain data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from app.policy.rules.expressions import Expr
from app.policy.rules.situation import FirmFacts
from app.policy.rules.values import Listed, Value

STATES = ("push", "ineligible", "ask", "near", "no")
KINDS = ("coaching", "subsidy", "loan", "space", "talent", "tax")
CLAIMS = ("apply", "automatic")


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages; empty where the file has none yet."""

    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: its weight (1–100), whether it must be met, and its expression (`expr` compiled, `source` as typed)."""

    id: str
    weight: int
    mandatory: bool
    expr: Expr
    source: str = ""
    text: Words = Words()
    place: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True)
class PolicyTest:
    """A test inside the file: facts, a day, a month, and what must come out (only the keys that are there)."""

    name: str
    as_of: dt.date
    month: int
    facts: FirmFacts
    expect: Mapping[str, Expected]
    place: tuple[int, int] = (1, 1)


Expected = Fraction | int | bool | str | tuple[str, ...]
Dated = tuple[tuple[dt.date, Value | Listed], ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of one policy; `kinds` holds the kind of value that each fact has in its expressions."""

    id: str
    valid_from: dt.date
    valid_to: dt.date | None
    conditions: tuple[Condition, ...]
    facts: tuple[str, ...]
    kinds: Mapping[str, str]
    parameters: Mapping[str, Dated] = field(default_factory=dict)
    title: Words = Words()
    authority: str = ""
    reference: str = ""
    kind: str = ""
    claim: str = "apply"
    tests: tuple[PolicyTest, ...] = ()
    place: tuple[int, int] = (1, 1)  # of valid.from, the name of the version

    @property
    def version(self) -> str:
        return self.valid_from.isoformat()

    def parameter(self, name: str, day: dt.date) -> Value | Listed | None:
        """The value of the latest day not after `day`; nothing before the first."""
        known = [value for since, value in self.parameters[name] if since <= day]
        return known[-1] if known else None
