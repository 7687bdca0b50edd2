"""Bodies and queries of the sharing room's API: every field bounded."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from app.api import ApiModel, AwareMoment, Day, PageQuery, PartQuery

Id = Annotated[int, Field(ge=1, le=2**62)]
Text500 = Annotated[str, Field(max_length=500)]
Fen = Annotated[int, Field(ge=0, le=10**11)]


class ResourcePath(ApiModel):
    resource_id: Id


class BookingPath(ApiModel):
    booking_id: Id


class EntryPath(ApiModel):
    entry_id: Id


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


class UtilisationQuery(SpanQuery, PartQuery):
    """A period, and a part of the list."""


class Opening(ApiModel):
    weekday: int = Field(ge=1, le=7)
    from_: str = Field(alias="from", max_length=5)
    to: str = Field(max_length=5)


class PatentBody(ApiModel):
    number: str = Field(min_length=1, max_length=60)
    fee_fen: Fen = 0
    fee_basis: Literal["once", "yearly", "per_unit", "share"] = "yearly"
    expires_on: Day | None = None
    exclusive: bool = False


class TalentBody(ApiModel):
    person_name: str = Field(min_length=1, max_length=60)
    contact: str = Field("", max_length=200)
    skills: list[Annotated[str, Field(max_length=60)]] = Field(default_factory=list, max_length=30)
    years: int = Field(0, ge=0, le=80)
    days_per_month: int = Field(0, ge=0, le=31)
    fee_fen_per_day: Fen = 0


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


class OutageBody(ApiModel):
    start: AwareMoment
    end: AwareMoment
    reason: Text500 = ""
    kind: Literal["repair", "maintenance", "calibration", "other"] = "repair"
    unit: Id | None = None


class BookingBody(ApiModel):
    resource: Id
    start: AwareMoment
    end: AwareMoment
    purpose: Text500 = ""
    use_credits: bool = False


class MoveBody(ApiModel):
    start: AwareMoment
    end: AwareMoment
    resource: Id | None = None


class ReasonBody(ApiModel):
    """May be left out altogether: an action without a reason needs no body."""

    reason: Text500 = ""

    @model_validator(mode="before")
    @classmethod
    def may_be_missing(cls, data: Any) -> Any:
        return {} if data is None or data in (b"", "") else data


class UsageBody(ApiModel):
    start: AwareMoment
    end: AwareMoment
    note: Text500 = ""


class DisputeBody(ReasonBody):
    reason: str = Field("", max_length=1000)


class AdjustBody(ApiModel):
    amount_fen: Fen
    reason: str = Field(min_length=1, max_length=500)


class BookingQuery(PageQuery):
    state: str = Field("", max_length=20)
    resource: Id | None = None
    scope: Literal["mine", "owner"] = "mine"


class SeriesBody(BookingBody):
    weeks: int = Field(ge=2, le=104)
    every: int = Field(1, ge=1, le=8)
    partly: bool = False


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


class WaitBody(ApiModel):
    resource: Id
    start: AwareMoment
    end: AwareMoment
    minutes: int | None = Field(None, ge=5, le=44_640)
    purpose: Text500 = ""

    @field_validator("minutes")
    @classmethod
    def on_grain(cls, value: int | None) -> int | None:
        if value is not None and value % 5:
            raise ValueError("a multiple of 5 is expected")
        return value
