"""What the calls of what if answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.chain.weak_links.shapes import Assessment


class SegmentChange(TypedDict):
    segment: str
    shortfall_wan: float
    supply_wan: float
    demand_wan: float
    coverage_before_ratio: float | None
    coverage_after_ratio: float | None
    rank_before: int | None
    rank_after: int | None
    labels_before: list[str]
    labels_after: list[str]


class WhatIf(TypedDict):
    before: Assessment
    after: Assessment
    changes: list[SegmentChange]


class WhatIfKept(WhatIf):
    kept_before_wan: float
    kept_after_wan: float
