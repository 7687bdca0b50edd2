"""What the calls of claims answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText


class ClaimFile(TypedDict):
    id: int
    name: str
    media_type: str
    size_bytes: int
    sha256: str


class ClaimEvidence(TypedDict):
    kind: str
    value: str


class Claim(TypedDict):
    id: int
    number: str
    enterprise: str
    rule: str
    occurred_on: DayText
    state: str
    credits: int | None
    note: str
    evidence: list[ClaimEvidence]
    decision_reason: str
    transfer: int | None
    reversal: int | None


class EarnRule(TypedDict):
    code: str
    version: int
    title: str
    credits: int
    origin: str
    evidence_kind: str
    valid_from: DayText
    valid_to: DayText | None
    lifetime_days: int
    cap_period: str
    cap_credits: int | None
    cap_claims: int | None
