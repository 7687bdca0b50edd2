"""What the API takes: every field bounded, unknown ones refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from app.hall.api.fields import ApiModel, AwareMoment, Day, PageQuery, PartQuery
from app.voice.limits import PHOTOS
from app.voice.visits.states import CHANNELS

Id = Annotated[int, Field(ge=1, le=2**62)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Words = Annotated[str, Field(max_length=2000)]
Reason = Annotated[str, Field(max_length=500)]
Code = Annotated[str, Field(min_length=1, max_length=20)]
Login = Annotated[str, Field(min_length=1, max_length=80)]
Channel = Literal[*CHANNELS]  # type: ignore[valid-type]
Visibility = Literal["named", "park_only", "anonymous"]
PhotoKeys = Annotated[
    list[Annotated[str, Field(pattern="^[0-9a-f]{64}$")]], Field(default_factory=list, max_length=PHOTOS)
]
Score = Annotated[int, Field(ge=0, le=100)]
Seats = Annotated[int, Field(ge=1, le=1000)]
RestMonths = Annotated[int, Field(ge=0, le=600)]


def _said_with(value: Any) -> Any:
    """How it was said may be written in words: any words mean that there was a hesitation."""
    if isinstance(value, str):
        return value.strip().lower() not in ("", "0", "false", "no", "none")
    return False if value is None else value


Hesitation = Annotated[bool, BeforeValidator(_said_with, json_schema_input_type=bool | str | None)]


class IdPath(ApiModel):
    number: Id


class RemarkBody(ApiModel):
    """One remark of a visit; its firm and channel are the visit's."""

    client_id: UUID
    text: Text
    heard_on: Day | None = None
    visibility: Visibility = "named"
    hesitation: Hesitation = False
    probe: Words | None = None
    promise: Words | None = None
    entered_at: AwareMoment | None = None
    photos: PhotoKeys


class FeedbackBody(RemarkBody):
    """`entered_at` is the phone's own moment: kept beside the server's, which decides."""

    enterprise: Code | None = None
    channel: Channel
    visit: Id | None = None


class FeedbackQuery(PageQuery):
    state: Literal["", "open", "heard", "acknowledged", "linked", "no_action", "answered"] = ""
    channel: Literal[""] | Channel = ""
    visibility: Literal[""] | Visibility = ""
    q: str = Field("", max_length=100)


class TextBody(ApiModel):
    text: Text


class ReasonBody(ApiModel):
    reason: Text


class LookBody(ApiModel):
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class LinkBody(ApiModel):
    """What the remark becomes; a problem needs a category, a correction words, a register its machines."""

    kind: Literal["problem", "need", "signal", "correction", "praise", "register"]
    category: str = Field("", max_length=30)
    problem_class: Literal["", "immediate", "process", "longterm"] = Field("", alias="class")
    place: Id | None = None
    theme: str = Field("", max_length=60)
    segment: str = Field("", max_length=60)
    resource: Id | None = None
    title: str = Field("", max_length=120)
    note: Words = ""
    machines: list[Annotated[str, Field(max_length=120)]] = Field(default_factory=list, max_length=50)


class VisitBody(ApiModel):
    """A visit to plan; without a specialist it is one's own."""

    enterprise: Code
    on: Day
    specialist: Login | None = None
    method: Channel = "visit"
    starts: str = Field("", max_length=5)
    why: Reason = ""
    priority: Annotated[int, Field(ge=1, le=3)] = 2


class VisitQuery(PageQuery):
    state: str = Field("", max_length=20)
    enterprise: str = Field("", max_length=20)
    specialist: str = Field("", max_length=80)
    from_on: Day | None = Field(None, alias="from")
    to_on: Day | None = Field(None, alias="to")


class StepBody(ApiModel):
    state: Literal["confirmed", "in_progress", "missed", "declined"]
    because: Reason = ""


class MoveBody(ApiModel):
    on: Day
    because: Reason = ""


class RecordBody(ApiModel):
    """What came of a visit: remarks, promises without a remark, what the firm thinks now at a re-visit.

    One remark may stand in the body itself, as a phone sends it; its firm and channel are the visit's.
    """

    remarks: list[RemarkBody] = Field(default_factory=list, max_length=50)
    promises: list[Text] = Field(default_factory=list, max_length=50)
    note: Words = ""
    score_before: Score | None = None
    score: Score | None = None
    client_id: UUID | None = None
    text: Words = ""
    enterprise: str | None = Field(None, max_length=20)
    channel: Channel | None = None
    heard_on: Day | None = None
    visibility: Visibility = "named"
    hesitation: Hesitation = False
    probe: Words | None = None
    promise: Words | None = None
    entered_at: AwareMoment | None = None
    photos: PhotoKeys

    def all_remarks(self) -> list[RemarkBody]:
        """The remarks of the list, and the one of the body."""
        if self.client_id is None or not self.text:
            return self.remarks
        one = RemarkBody(
            client_id=self.client_id,
            text=self.text,
            heard_on=self.heard_on,
            visibility=self.visibility,
            hesitation=self.hesitation,
            probe=self.probe,
            promise=self.promise,
            entered_at=self.entered_at,
            photos=self.photos,
        )
        return [*self.remarks, one]


class PromiseBody(ApiModel):
    """A problem registered for it (`category`) or one that is there (`problem`)."""

    kind: Literal["problem", "need"] = "problem"
    category: str = Field("", max_length=30)
    problem: Id | None = None
    title: str = Field("", max_length=120)


class DayQuery(ApiModel):
    on: Day | None = None


class MayQuery(ApiModel):
    enterprise: Code
    specialist: Login
    on: Day


class NextQuery(PageQuery):
    layer: Literal["", "new", "large", "medium", "small_micro"] = ""


class PlanStepBody(ApiModel):
    method: Annotated[str, Field(min_length=1, max_length=20)]
    every_days: Annotated[int, Field(ge=0, le=3650)] = 0
    once_on_day: Annotated[int, Field(ge=0, le=3650)] = 0


class PlanBody(ApiModel):
    layer: Literal["new", "large", "medium", "small_micro"]
    steps: list[PlanStepBody] = Field(max_length=20)


class WeekBody(ApiModel):
    """The week a day lies in; with `accept` its visits are written."""

    from_on: Day | None = Field(None, alias="from")
    seconds: Annotated[int, Field(ge=1, le=60)] = 10
    accept: bool = False


class TeaTalkQuery(ApiModel):
    on: Day | None = None
    seats: Seats = 10
    rest_months: RestMonths = 3


class GatheringBody(ApiModel):
    """A tea talk with one question, or an activity; without `enterprises` a tea talk chooses its guests."""

    kind: Literal["tea_talk", "activity"] = "tea_talk"
    on: Day
    question: Reason = ""
    title: str = Field("", max_length=120)
    starts: str = Field("", max_length=5)
    place: str = Field("", max_length=120)
    series: str = Field("", max_length=60)
    changed: Reason = ""
    seats: Seats = 10
    rest_months: RestMonths = 3
    enterprises: list[Code] = Field(default_factory=list, max_length=1000)
    invited: Annotated[int, Field(ge=0, le=100_000)] | None = None


class GatheringQuery(PartQuery):
    kind: Literal["", "tea_talk", "activity"] = ""


class AnswerBody(ApiModel):
    enterprise: Code | None = None
    answer: Literal["accepted", "declined"]
    because: Reason = ""


class HoldBody(ApiModel):
    attended: list[Code] = Field(default_factory=list, max_length=1000)
    invited: Annotated[int, Field(ge=0, le=100_000)] | None = None
    came: Annotated[int, Field(ge=0, le=100_000)] | None = None


class UsefulBody(ApiModel):
    useful: Literal["yes", "partly", "no"]


class GuestNoteBody(RemarkBody):
    enterprise: Code


class TieBody(ApiModel):
    enterprise: Code
    owns_part: bool = False
    employed: bool = False
    left_on: Day | None = None


class SpecialistBody(ApiModel):
    login: Login
    employed_since: Day | None = None
    suspended_because: Reason = ""
    visits_a_day: Annotated[int, Field(ge=0, le=20)] = 3
    ties: list[TieBody] | None = Field(None, max_length=200)


class TrainingBody(ApiModel):
    login: Login
    title: Annotated[str, Field(min_length=1, max_length=120)]
    hours: Annotated[int, Field(ge=1, le=400)]
    due_on: Day


class DoneBody(ApiModel):
    on: Day | None = None


class ShadowingBody(ApiModel):
    login: Login
    enterprise: Code
    from_on: Day = Field(alias="from")
    until_on: Day = Field(alias="until")


class MilestoneBody(ApiModel):
    state: Literal["done", "not_needed"]
    on: Day | None = None
    because: Reason = ""


class QuarterQuery(ApiModel):
    on: Day | None = None
