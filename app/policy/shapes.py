"""What the calls of policy answer, field by field."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText, MomentText


class Doubt(TypedDict):
    """What still keeps a version from approval."""

    code: str
    message: str


class PolicyTitle(TypedDict):
    zh: str
    en: str


class PolicyTests(TypedDict):
    passed: int
    all: int


class PolicyVersion(TypedDict):
    id: int
    policy: str
    version: DayText
    state: str
    title: PolicyTitle
    valid_to: DayText | None
    claim: str
    tests: PolicyTests


class FactUsed(TypedDict):
    fact: str
    period: str | None
    value: Any
    source: str


class FactMissing(TypedDict):
    fact: str
    period: str | None


class ConditionAnswer(TypedDict):
    id: str
    weight: int
    mandatory: bool
    result: str
    uses: list[FactUsed]
    missing: list[FactMissing]
    gap: Any


class PolicyPush(TypedDict):
    id: int
    policy: str
    version: DayText
    state: str
    fit_percent: float
    conditions: list[ConditionAnswer]
    sent_at: MomentText | None
    quiet_until: DayText | None


class PolicyVersionImported(PolicyVersion):
    open: list[Doubt]


class PolicyCase(TypedDict):
    id: int
    enterprise: str
    policy: str
    version: DayText
    state: str
    automatic: bool
    fit_percent: float
    push: int | None
    amount_fen: int | None
    started_on: DayText | None
    filed_on: DayText | None
    granted_on: DayText | None
    paid_on: DayText | None
    closed_on: DayText | None
    due_on: DayText | None


class PolicyFact(TypedDict):
    enterprise: str
    fact: str
    period: str | None
    value: str | None
    source: str
    confirmed: bool
    recorded_at: MomentText


class PolicyAnswer(TypedDict):
    """One firm and one policy (contract 5.3)."""

    enterprise: str
    policy: str
    version: DayText
    fit_percent: float
    possible_percent: float
    state: str
    push: bool
    conditions: list[ConditionAnswer]
    ask: list[str]
    parameters: dict[str, Any]


class PolicyFit(PolicyAnswer):
    title: str
    claim: str


class WholePolicyVersion(PolicyVersion):
    text: str
    open: list[Doubt]


class FactsRecorded(TypedDict):
    recorded: int
