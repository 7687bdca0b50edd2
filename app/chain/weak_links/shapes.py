"""What the calls of weak links answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import MomentText


class SegmentFinding(TypedDict):
    segment: str
    name: str
    demand_wan: float
    supply_wan: float
    shortfall_wan: float
    coverage_ratio: float | None
    enterprises: list[str]
    hhi: float | None
    effective_suppliers: float | None
    halted_output_wan: float
    labels: list[str]
    rank: int | None
    reasons: list[str]


class Assessment(TypedDict):
    segments: list[SegmentFinding]
    total_shortfall_wan: float
    loops: list[list[str]]


class ChainAssessment(Assessment):
    chain: str
    version: int
    updated_at: MomentText
