"""What the calls by which firms get onto the chain take."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.hall.api.fields import ApiModel, PartQuery

Code = Annotated[str, Field(min_length=1, max_length=64)]
Wan = Annotated[float, Field(ge=0, le=1e9)]


class SuggestQuery(PartQuery):
    q: str = Field("", max_length=500)
    chain: str = Field("", max_length=64)


class SayBody(ApiModel):
    chain: str = Field("", max_length=64)
    segment: Code
    makes: str = Field(min_length=1, max_length=500)
    output_wan: Wan
    inputs: str = Field("", max_length=500)
    suppliers: list[Code] = Field(default_factory=list, max_length=50)
    customers: list[Code] = Field(default_factory=list, max_length=50)


class WishPath(ApiModel):
    wish_id: int = Field(ge=1, le=2**62)


class QuestionBody(ApiModel):
    question: str = Field(min_length=1, max_length=500)


class PositionBody(ApiModel):
    chain: str = Field("", max_length=64)
    enterprise: Code
    segment: Code
    output_wan: Wan
    products: str = Field("", max_length=500)


class SupplyBody(ApiModel):
    chain: str = Field("", max_length=64)
    supplier: Code
    customer: Code
    segment: Code
    value_wan: Wan
