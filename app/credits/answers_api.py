"""What the calls about claims and redemptions answer, for the OpenAPI file and the clients made from it."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict


class ClaimEvidence(BaseModel):
    kind: str
    value: str


class Claim(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: int
    number: str
    enterprise: str
    rule: str
    occurred_on: dt.date
    state: str
    credits: int | None
    note: str
    evidence: list[ClaimEvidence]
    decision_reason: str | None
    transfer: int | None
    reversal: int | None


class Redemption(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: int
    number: str
    enterprise: str
    reward: str
    quantity: int
    cost_credits: int
    state: str
    requested_at: dt.datetime
    expires_at: dt.datetime
    reason: str | None
    reference: str | None
    reference_url: str | None
    hold: int | None
    transfer: int | None


class Expiry(BaseModel):
    on: dt.date
    credits: int


class Account(BaseModel):
    model_config = ConfigDict(extra="allow")

    available_credits: int
    held_credits: int
    lifetime_earned_credits: int
    owed_credits: int
    expiring: list[Expiry]


ANSWERS: dict[str, type[BaseModel]] = {
    "claim_json": Claim,
    "_redemption": Redemption,
    "account_summary": Account,
}
