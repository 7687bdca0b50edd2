"""What the risk of one firm is, told without loading what works it out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FirmRisk:
    """Share of all sales that is lost if `enterprise` fails; `rounds` until the shock had settled."""

    enterprise: str
    risk: float
    risk_down: float
    risk_up: float
    rounds: int
