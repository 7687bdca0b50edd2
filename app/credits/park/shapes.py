"""What the calls of park answer, field by field."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from app.hall.api.shapes import MomentText


class Proposal(TypedDict):
    id: int
    kind: str
    subject: str
    values: dict[str, Any]
    reason: str
    state: str
    proposed_by: str
    proposed_at: MomentText
    decided_by: str
    decided_at: MomentText | None
    decision_reason: str


class CreditsAgeing(TypedDict):
    within_days: int | None
    credits: int


class CreditsMonth(TypedDict):
    month: str
    issued_credits: int
    redeemed_credits: int


class CreditsShare(TypedDict):
    code: str
    title: str
    count: int
    credits: int


class ParkCredits(TypedDict):
    issued_credits: int
    redeemed_credits: int
    expired_credits: int
    outstanding_credits: int
    held_credits: int
    adjusted_credits: int
    owed_credits: int
    ageing: list[CreditsAgeing]
    months: list[CreditsMonth]
    top_rules: list[CreditsShare]
    top_rewards: list[CreditsShare]
