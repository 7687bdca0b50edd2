"""What the calls of planning answer, field by field."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from app.hall.api.shapes import MinuteText, MomentText


class RefusalReason(TypedDict):
    code: str
    message: str


class Assignment(TypedDict):
    request: int
    enterprise: str
    resource: int | None
    unit: int | None
    start: MinuteText
    end: MinuteText
    booking: int | None


class Rejection(TypedDict):
    request: int
    enterprise: str
    reasons: list[RefusalReason]


_PlanningRunWords = TypedDict("_PlanningRunWords", {"from": MinuteText})


class PlanningRun(_PlanningRunWords):
    """A round; from `value` on only what is no draft any more has it."""

    id: int
    state: str
    outcome: str | None
    to: MinuteText
    progress: float | None
    value: NotRequired[int | None]
    bound: NotRequired[int | None]
    gap_ratio: NotRequired[float | None]
    first_come_value: NotRequired[int | None]
    seconds: NotRequired[float | None]
    assignments: NotRequired[list[Assignment]]
    rejected: NotRequired[list[Rejection]]


class SlotWindow(TypedDict):
    start: MomentText
    end: MomentText


class SlotRequest(TypedDict):
    id: int
    state: str
    resources: list[int]
    windows: list[SlotWindow]
    duration_minutes: int
    preferred_start: MinuteText | None
    priority: int
    purpose: str
    booking: int | None


class RunExtended(PlanningRun):
    added: int
    moved: list[int]


class RunPublished(PlanningRun):
    booked: list[int]
    lost: list[int]
    message: str
