"""What is typed or sent about initiatives."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.hall.api.fields import ApiModel, Day, PageQuery

Id = Annotated[int, Field(ge=1, le=2**62)]
Login = Annotated[str, Field(min_length=1, max_length=80)]


class InitiativePath(ApiModel):
    initiative_id: Id


class DeliverablePath(ApiModel):
    initiative_id: Id
    deliverable_id: Id


class InitiativeQuery(PageQuery):
    state: str = Field("", max_length=20, pattern="^[a-z_]*$")


class AgreeBody(ApiModel):
    lead: Login


class PromiseBody(ApiModel):
    what: Annotated[str, Field(min_length=1, max_length=120)]
    owner: Login
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]
    unit: str = Field("", max_length=20)
    promised_on: Day


class DeliverBody(ApiModel):
    delivered: Annotated[int, Field(ge=0, le=1_000_000)]


class SaidBody(ApiModel):
    text: Annotated[str, Field(min_length=1, max_length=2000)]
