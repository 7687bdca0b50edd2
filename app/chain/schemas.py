"""Fields and queries that several calls of the room share."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.hall.api.fields import ApiModel, PartQuery

Code = Annotated[str, Field(min_length=1, max_length=64)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]


class ChainQuery(ApiModel):
    chain: str = Field("", max_length=64)


class ChainPartQuery(PartQuery):
    chain: str = Field("", max_length=64)


class FirmPath(ApiModel):
    code: Code
