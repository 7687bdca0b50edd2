"""What the calls of outcomes answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import MomentText


class Outcome(TypedDict):
    id: int
    introduction: int
    metric: str
    baseline: float
    actual: float
    change: float
    unit: str
    period: str
    state: str
    confirmed_at: MomentText | None
