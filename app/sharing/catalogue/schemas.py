"""What owners say of an instrument, and what readers look for: forms and bodies, every field bounded."""

from __future__ import annotations

from typing import Annotated, Literal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import DateField, StringField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from app.hall.api.fields import ApiModel, AwareMoment, Day, PageQuery
from app.sharing.catalogue.schemas_pools import PatentBody, TalentBody
from app.sharing.fields import Fen, Id


class ResourcePath(ApiModel):
    resource_id: Id


class ResourceQuery(PageQuery):
    kind: Literal["", "equipment", "patent", "talent"] = ""
    q: str = Field("", max_length=100)
    category: str = Field("", max_length=100)
    building: str = Field("", max_length=100)
    owner: str = Field("", max_length=20)
    from_: AwareMoment | None = Field(None, alias="from")
    to: AwareMoment | None = None
    hours: float | None = Field(None, gt=0, le=24 * 92)


class SpanQuery(ApiModel):
    from_: AwareMoment = Field(alias="from")
    to: AwareMoment


class Opening(ApiModel):
    weekday: int = Field(ge=1, le=7)
    from_: str = Field(alias="from", max_length=5)
    to: str = Field(max_length=5)


class ResourceFields(ApiModel):
    """What an owner says of a resource when listing it, and may change later."""

    model: str | None = Field(None, max_length=120)
    category: str | None = Field(None, max_length=60)
    building: str | None = Field(None, max_length=60)
    place: str | None = Field(None, max_length=60)
    description: str | None = Field(None, max_length=4000)
    accessories: str | None = Field(None, max_length=1000)
    specifications: (
        dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=200)]] | None
    ) = Field(None, max_length=60)
    price_fen_per_hour: Fen | None = None
    value_fen: int | None = Field(None, gt=0, le=10**13)
    opening: list[Opening] | None = Field(None, max_length=70)
    approval: Literal["automatic", "owner"] | None = None
    approval_hours: int | None = Field(None, ge=1, le=720)
    step_minutes: int | None = Field(None, ge=5, le=1440)
    min_minutes: int | None = Field(None, ge=5, le=44_640)
    max_minutes: int | None = Field(None, ge=5, le=44_640)
    buffer_minutes: int | None = Field(None, ge=0, le=1440)
    buffer_before_minutes: int | None = Field(None, ge=0, le=1440)
    lead_minutes: int | None = Field(None, ge=0, le=525_600)
    horizon_days: int | None = Field(None, ge=1, le=3660)
    quota_minutes_per_week: int | None = Field(None, ge=5, le=10_080)
    late_cancel_hours: int | None = Field(None, ge=0, le=8760)
    late_cancel_ratio: float | None = Field(None, ge=0, le=1)
    no_show_ratio: float | None = Field(None, ge=0, le=1)
    billing: Literal["booked", "used", "greater", "union"] | None = None
    external_from: Day | None = None
    open_on_holidays: bool | None = None
    qualification: Id | None = None


class ResourceBody(ResourceFields):
    """Omitted fields get the defaults of `service.list_resource`."""

    kind: Literal["equipment", "patent", "talent"]
    name: str = Field(min_length=1, max_length=120)
    units: list[Annotated[str, Field(min_length=1, max_length=40)]] | None = Field(
        None, min_length=1, max_length=100
    )
    patent: PatentBody | None = None
    talent: TalentBody | None = None


class ResourceEditBody(ResourceFields):
    """Only what is named changes; null takes a horizon, quota, first day for others or qualification away."""

    name: str | None = Field(None, min_length=1, max_length=120)


class ExceptionForm(FlaskForm):
    day = DateField(_l("日期"), validators=[InputRequired()])
    opens = TimeField(_l("开放自"), validators=[Optional()])
    closes = TimeField(_l("至"), validators=[Optional()])
    reason = StringField(_l("说明"), validators=[Length(max=200)])
