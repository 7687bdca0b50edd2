"""What the calls of wishes answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict


class PositionAdded(TypedDict):
    enterprise: str
    segment: str


class SupplyAdded(TypedDict):
    supplier: str
    customer: str
    segment: str


class WishAsked(TypedDict):
    id: int
    state: str


class WishConfirmed(TypedDict):
    id: int
    state: str


class ChainWish(TypedDict):
    id: int
    segment: str
    makes: str
    output_wan: float
    suppliers: list[str]
    customers: list[str]


class WishSaid(TypedDict):
    id: int
    state: str


class SegmentSuggestion(TypedDict):
    segment: str
    name: str
    score: float
