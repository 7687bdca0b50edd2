"""What the calls about starter sets take."""

from __future__ import annotations

from pydantic import Field

from app.hall.api.fields import ApiModel


class ProposeBody(ApiModel):
    strike: list[str] = Field(default_factory=list, max_length=200)
    reason: str = Field("", max_length=500)


class StarterPath(ApiModel):
    set_id: int = Field(ge=1, le=2**62)


class DecideBody(ApiModel):
    agree: bool
    reason: str = Field("", max_length=500)
