"""What the API takes: every field bounded, unknown ones refused."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.hall.api.fields import ApiModel, AwareMoment, Day, PageQuery
from app.upkeep import limits

Id = Annotated[int, Field(ge=1, le=2**62)]
Line = Annotated[str, Field(min_length=1, max_length=200)]


class MachineQuery(PageQuery):
    q: str = Field("", max_length=100)
    state: str = Field("", max_length=20)


class DueQuery(PageQuery):
    on: Day | None = None


class OrderQuery(PageQuery):
    state: str = Field("", max_length=20)


class MachinePath(ApiModel):
    machine_id: Id


class ProposalPath(ApiModel):
    proposal_id: Id


class ProposalBody(ApiModel):
    """True: it stands in the register from now on; false: it is none of ours."""

    take: bool


class OrderPath(ApiModel):
    order_id: Id


class MachineBody(ApiModel):
    name: Annotated[str, Field(min_length=1, max_length=limits.NAME)]
    code: str = Field("", max_length=limits.NAME)
    model: str = Field("", max_length=limits.NAME)
    serial: str = Field("", max_length=limits.NAME)
    place: str = Field("", max_length=limits.NAME)
    planned: str = Field("working_hours", max_length=20)


class MeterBody(ApiModel):
    code: Annotated[str, Field(min_length=1, max_length=60)]
    name: str = Field("", max_length=limits.NAME)
    unit: str = Field("", max_length=20)
    kind: str = Field("gauge", max_length=10)
    limit: float | None = Field(None, ge=-limits.LARGEST_VALUE, le=limits.LARGEST_VALUE)


class PlanBody(ApiModel):
    name: Annotated[str, Field(min_length=1, max_length=limits.NAME)]
    every_days: int | None = Field(None, ge=1, le=limits.MOST_DAYS)
    every_hours: int | None = Field(None, ge=1, le=limits.MOST_HOURS)
    hours_meter: str | None = Field(None, max_length=60)
    meter: str | None = Field(None, max_length=60)
    warn_days: int = Field(7, ge=0, le=limits.MOST_DAYS)
    blocking: bool = False
    counts_from: str = Field("done", max_length=10)
    last_done_on: Day | None = None
    checklist: list[Line] = Field(default_factory=list, max_length=limits.CHECKS)
    sign_off: bool = False
    signer: Id | None = None


class FaultBody(ApiModel):
    text: Annotated[str, Field(min_length=1, max_length=limits.TEXT)]
    stops: bool = False
    began_at: AwareMoment | None = None


class ReadingsBody(ApiModel):
    """Each line `{"machine", "meter", "at", "value"}`; what is wrong with one is answered for that line alone."""

    readings: list[dict[str, object]] = Field(min_length=1, max_length=limits.BATCH)


class AgreeBody(ApiModel):
    planned_on: Day
    assignee: Id | None = None
    sign_off: bool = False
    signer: Id | None = None


class UsedPart(ApiModel):
    part: Id
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]


class DoneBody(ApiModel):
    checklist: list[Line] = Field(default_factory=list, max_length=limits.CHECKS)
    note: str = Field("", max_length=limits.TEXT)
    parts: list[UsedPart] = Field(default_factory=list, max_length=50)
    done_on: Day | None = None
    overhauled: bool = False


class ReasonBody(ApiModel):
    reason: Annotated[str, Field(min_length=1, max_length=limits.TEXT)]
