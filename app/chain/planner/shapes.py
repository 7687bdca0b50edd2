"""What the calls of planner answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.chain.recruit.shapes import RecruitPlan


class RecruitCoverage(TypedDict):
    segment: str
    before_ratio: float | None
    after_ratio: float | None
    missing_wan: float


class RecruitPurchase(TypedDict):
    seller: str
    segment: str
    buyer: str
    value_wan: float


class RecruitOutlook(TypedDict):
    name: str
    value_wan: float
    best_wan: float
    best_chosen: list[str]
    regret_wan: float


class RecruitAnswer(RecruitPlan):
    without_cost: list[str]
    coverage: list[RecruitCoverage]
    purchases: list[RecruitPurchase]
    outlooks: list[RecruitOutlook]
