"""What the calls of ledger answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.credits.ledger.audit import Finding
from app.hall.api.shapes import DayText, MomentText


class Expiry(TypedDict):
    on: DayText
    credits: int


class Account(TypedDict):
    available_credits: int
    held_credits: int
    lifetime_earned_credits: int
    owed_credits: int
    expiring: list[Expiry]


class Invariant(TypedDict):
    code: str
    sentence: str
    holds: bool
    count: int
    rows: list[Finding]


class LedgerProof(TypedDict):
    holds: bool
    transfers: int
    accounts: int
    last_seal: str
    invariants: list[Invariant]


class MonthClosed(TypedDict):
    month: str
    closed_at: MomentText
    closed_by: str


class StatementLine(TypedDict):
    number: str
    transfer: int
    sequence: int
    at: MomentText
    effective_at: MomentText
    kind: str
    phase: str
    title: str
    source: str
    memo: str
    credits: int
    held_change_credits: int
    balance_credits: int
    held_credits: int
    hash: str


class ClosedMonth(TypedDict):
    month: str
    closed_at: MomentText
    closed_by: str


class Seal(TypedDict):
    id: int
    up_to_transfer: int
    transfers: int
    total_credits: int
    hash: str
    previous: str
    sealed_at: MomentText
    sealed_by: str


class NothingSealed(TypedDict):
    """Nothing was posted yet, so that there is no seal at all."""
