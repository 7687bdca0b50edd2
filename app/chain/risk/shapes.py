"""What the calls of risk answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.chain.risk.firm_risk import FirmRisk


class RiskList(TypedDict):
    items: list[FirmRisk]
    total: int
    epsilon: float
    substitution: bool
