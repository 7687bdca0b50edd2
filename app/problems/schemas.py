"""What the API takes: every field bounded, unknown ones refused."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.hall.api.fields import ApiModel, AwareMoment, Day, PageQuery

Id = Annotated[int, Field(ge=1, le=2**62)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Short = Annotated[str, Field(min_length=1, max_length=120)]
Login = Annotated[str, Field(min_length=1, max_length=80)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
ClassName = Literal["immediate", "process", "longterm"]


class ProblemPath(ApiModel):
    problem_id: Id


class ReportBody(ApiModel):
    """A place by its number or, beside a QR code, by the code on the label."""

    category: Annotated[str, Field(min_length=1, max_length=30)]
    text: str = Field("", max_length=2000)
    place: Id | None = None
    place_code: str | None = Field(None, max_length=60)
    photos: list[Annotated[str, Field(min_length=32, max_length=32)]] = Field(
        default_factory=list, max_length=6
    )
    problem_class: ClassName | None = Field(None, alias="class")
    visibility: Literal["named", "park_only"] = "named"
    enterprise: str | None = Field(None, max_length=20)
    client_id: UUID | None = None
    theme: str | None = Field(None, max_length=60)
    segment: str | None = Field(None, max_length=60)
    resource: Id | None = None


class ProblemQuery(PageQuery):
    state: str = Field("", max_length=20)
    problem_class: Literal["", "immediate", "process", "longterm"] = Field("", alias="class")
    department: str = Field("", max_length=30)
    due_before: AwareMoment | None = None
    q: str = Field("", max_length=100)


class ClassifyBody(ApiModel):
    problem_class: ClassName = Field(alias="class")
    reason: str = Field("", max_length=500)


class AssignBody(ApiModel):
    departments: list[Annotated[str, Field(min_length=1, max_length=30)]] = Field(max_length=20)
    responsible: Login
    handler: Login | None = None


class TextBody(ApiModel):
    text: Text


class PromiseBody(ApiModel):
    what: Short
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]
    unit: str = Field("", max_length=20)
    promised_on: Day


class StageBody(ApiModel):
    what: Short
    owner: Login
    due_on: Day


class PlanBody(ApiModel):
    what: Text
    owner: Login
    until_on: Day
    deliverables: list[PromiseBody] = Field(default_factory=list, max_length=30)
    milestones: list[StageBody] = Field(default_factory=list, max_length=30)


class TaskForceBody(ApiModel):
    members: list[Login] = Field(max_length=50)


class MilestoneBody(ApiModel):
    milestone: Id


class DeliveredBody(ApiModel):
    what: Short
    promised: Annotated[int, Field(ge=1, le=1_000_000)]
    delivered: Count
    unit: str = Field("", max_length=20)
    waived_because: str = Field("", max_length=500)


class ResolveBody(ApiModel):
    text: Text
    deliverables: list[DeliveredBody] = Field(default_factory=list, max_length=30)


class ConfirmBody(ApiModel):
    solved: Literal["yes", "partly", "no"]
    came_after_minutes: Annotated[int, Field(ge=0, le=525_600)] | None = None
    text: str = Field("", max_length=2000)


class ReviewBody(ApiModel):
    effect: Text
    cause: Text
    repeatable: bool
    also: list[Id] = Field(default_factory=list, max_length=50)


class MergeBody(ApiModel):
    into: Id


class CountedBody(ApiModel):
    complaints: Count
    firm_months: Count


class InitiativeBody(ApiModel):
    """Counts that are not brought along (`before` and `after` together) are taken from the park's own rows."""

    factor: Short
    since_on: Day
    title: Short
    problems: list[Id] = Field(min_length=1, max_length=200)
    category: str = Field("other", max_length=30)
    months: Annotated[int, Field(ge=1, le=60)] = 6
    before: CountedBody | None = None
    after: CountedBody | None = None


class SubjectBody(ApiModel):
    segment: str | None = Field(None, max_length=120)
    resource: Id | None = None


class MendBody(ApiModel):
    """`stops`: the machine stands, so its calendar closes until it is mended."""

    stops: bool = True


class NeedBody(ApiModel):
    title: Annotated[str, Field(min_length=1, max_length=80)]


class HandOverBody(ApiModel):
    initiative: Id


class NextStepBody(ApiModel):
    what: Short
    owner: Login
    due_on: Day


class CoordinationBody(ApiModel):
    """With minutes a meeting that was held, without a meeting that is called for a day."""

    on: Day | None = None
    meeting: Id | None = None
    minutes: str = Field("", max_length=4000)
    next_steps: list[NextStepBody] = Field(default_factory=list, max_length=30)


class PlaybookBody(ApiModel):
    code: Annotated[str, Field(min_length=1, max_length=40)]
    title: Short
    category: Annotated[str, Field(min_length=1, max_length=30)]
    checklist: list[Annotated[str, Field(min_length=1, max_length=300)]] = Field(min_length=1, max_length=30)
    problem: Id | None = None


class PlaybookPath(ApiModel):
    playbook_id: Id


class AdoptionBody(ApiModel):
    """A department of one's own for the park's people; a firm adopts for itself."""

    department: str | None = Field(None, max_length=30)
    done: list[Annotated[str, Field(max_length=300)]] = Field(default_factory=list, max_length=30)
    problem: Id | None = None


class ReportQuery(ApiModel):
    """`from` and `to` are days of registration, `to` included."""

    from_on: Day | None = Field(None, alias="from")
    to_on: Day | None = Field(None, alias="to")
