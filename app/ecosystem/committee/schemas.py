"""What is sent about the committee."""

from __future__ import annotations

from pydantic import Field

from app.ecosystem.schemas import Code
from app.hall.api.fields import ApiModel, Day


class CommitteeBody(ApiModel):
    name: str = Field(min_length=2, max_length=80)
    founded_on: Day | None = None
    quorum_percent: int = Field(50, ge=1, le=99)


class LabelBody(ApiModel):
    label: str = Field(min_length=1, max_length=30)
    enterprises: list[Code] = Field(max_length=1000)


class SeatBody(ApiModel):
    organisation: Code
    person: str = Field("", max_length=60)
