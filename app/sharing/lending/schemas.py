"""What people send to lend a patent or a person: bodies of the API."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.hall.api.fields import ApiModel, Day
from app.sharing.fields import Id


class LicenceBody(ApiModel):
    resource: Id
    months: int = Field(ge=1, le=240)
    purpose: str = Field(min_length=1, max_length=1000)


class LicencePath(ApiModel):
    licence_id: Id


class PlacementBody(ApiModel):
    resource: Id
    starts_on: Day
    ends_on: Day
    days: int = Field(ge=1, le=366)
    purpose: str = Field(min_length=1, max_length=1000)


class PlacementPath(ApiModel):
    placement_id: Id


class PlacementStep(PlacementPath):
    step: Literal["agree", "begin", "end"]
