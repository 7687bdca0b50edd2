"""What the calls of recruit answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict


class RecruitGreedy(TypedDict):
    chosen: list[str]
    value_wan: float | None


class RecruitFrontPoint(TypedDict):
    firms: int
    value_wan: float | None
    chosen: list[str]


class RecruitLeftOut(TypedDict):
    enterprise: str
    value_wan_with_it: float | None
    reason: str


class RecruitPlan(TypedDict):
    status: str
    objective: str
    value_wan: float | None
    bound_wan: float | None
    gap_ratio: float | None
    chosen: list[str]
    cost: float | None
    before_wan: float | None
    after_wan: float | None
    greedy: RecruitGreedy
    front: list[RecruitFrontPoint]
    left_out: list[RecruitLeftOut]
