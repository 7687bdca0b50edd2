"""What the calls of rewards answer, field by field."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText, MomentText


class RewardPicture(TypedDict):
    picture: str


class Redemption(TypedDict):
    id: int
    number: str
    enterprise: str
    reward: str
    quantity: int
    cost_credits: int
    state: str
    requested_at: MomentText
    expires_at: MomentText
    reason: str
    reference: str
    reference_url: str
    hold: int
    transfer: int | None


class Reward(TypedDict):
    code: str
    name: str
    description: str
    category: str
    cost_credits: int
    left: int | None
    limit_per_enterprise: int | None
    valid_to: DayText | None
    fulfilment: str
    picture: str | None
    picture_text: str
    redeemable: bool
    reasons: list[dict[str, Any]]


class Venue(TypedDict):
    place: str
    enterprise: str
    redemption: int
    first_on: DayText
    last_on: DayText
