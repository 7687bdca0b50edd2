"""What the API asks of the systemic risk."""

from __future__ import annotations

from pydantic import Field

from app.hall.api.fields import PageQuery


class RiskQuery(PageQuery):
    chain: str = Field("", max_length=64)
    epsilon: float = Field(0.01, ge=0, lt=1, allow_inf_nan=False)
    substitution: bool = True
