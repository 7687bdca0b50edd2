"""Fields that the bodies of all features share."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from app.hall.api.fields import ApiModel

Id = Annotated[int, Field(ge=1, le=2**62)]


Text500 = Annotated[str, Field(max_length=500)]


Fen = Annotated[int, Field(ge=0, le=10**11)]


class ReasonBody(ApiModel):
    """May be left out altogether: an action without a reason needs no body."""

    reason: Text500 = ""

    @model_validator(mode="before")
    @classmethod
    def may_be_missing(cls, data: object) -> object:
        return {} if data is None or data in (b"", "") else data
