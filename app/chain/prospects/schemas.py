"""What the API and the forms ask of the pipeline."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.hall.api.fields import ApiModel, PageQuery


class ProspectQuery(PageQuery):
    chain: str = Field("", max_length=64)
    state: Literal["", "identified", "contacted", "visited", "negotiating", "signed", "landed", "lost"] = ""


class AdministratorBody(ApiModel):
    name: str = Field(min_length=1, max_length=60)
    email: str = Field("", max_length=120)


class MoveBody(ApiModel):
    state: Literal["contacted", "visited", "negotiating", "signed", "landed", "lost"]
    note: str = Field("", max_length=1000)
    credit_code: str = Field("", max_length=60)
    contact: str = Field("", max_length=60)
    contact_phone: str = Field("", max_length=30)
    administrator: AdministratorBody | None = None
    organisation: str = Field("", max_length=20)
    another: bool = False


class TakeBackBody(ApiModel):
    reason: str = Field(min_length=1, max_length=500)
