"""What is sent about matches."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from app.hall.api.fields import ApiModel, PageQuery


class MatchQuery(PageQuery):
    state: Literal["", "open", "proposed", "asked", "introduced", "declined", "lapsed"] = ""


class DeclineBody(ApiModel):
    """A reason may be given; a POST without any body says no as well."""

    reason: str = Field("", max_length=500)

    @model_validator(mode="before")
    @classmethod
    def _nothing_said(cls, said: object) -> object:
        return {} if said is None else said
