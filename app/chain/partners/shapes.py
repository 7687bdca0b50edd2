"""What the calls of partners answer, field by field."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from app.chain.partners.complementarity import Features


class ChainMatch(TypedDict):
    enterprise: str
    name: str
    masked: bool
    segment: str
    score: float
    value_wan: float | None
    state: str
    reasons: list[str]


class ChainMatches(TypedDict):
    items: list[ChainMatch]
    total: int
    weights: NotRequired[Features]
    learnt_from: NotRequired[int]
