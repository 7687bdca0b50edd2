"""What the calls of visits answer, field by field."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText
from app.voice.feedback.shapes import Remark


class Milestone(TypedDict):
    id: int
    code: str
    title: str
    due_on: DayText
    state: str
    overdue_days: int


class VisitEffect(TypedDict):
    before: float
    after: float
    points: float
    relative_percent: float | None
    n: int


class Visit(TypedDict):
    id: int
    state: str
    enterprise: str
    name: str
    building: str
    on: DayText
    starts: str
    method: str
    why: str
    specialist: str | None
    moved_to: int | None
    score_before: int | None
    score: int | None
    effect: VisitEffect | None


class WholeVisit(Visit):
    """One visit; what was said and promised stands in it where the whole was asked for."""

    note: NotRequired[str]
    remarks: NotRequired[list[Remark]]
    promises: NotRequired[list[VisitPromise]]
    missing: NotRequired[list[str]]


class VisitOfToday(Visit):
    dossier: Dossier


class VisitsOfToday(TypedDict):
    on: DayText
    visits: list[VisitOfToday]


class MayVisit(TypedDict):
    may: bool
    reasons: list[str]


class VisitPromise(TypedDict):
    id: int
    text: str
    made_on: DayText
    became: str | None
    number: str | None


class PlanSet(TypedDict):
    layer: str
    steps: int


class LastContact(TypedDict):
    channel: str
    on: DayText


class SupplyGap(TypedDict):
    segment: str
    how: str


class OpenQuestion(TypedDict):
    code: str
    segment: str


class RefusedBooking(TypedDict):
    resource: int
    name: str
    on: DayText
    codes: list[str]


class DossierPolicy(TypedDict):
    policy: str
    title: str
    missing: list[str]


class DossierNeed(TypedDict):
    id: int
    title: str


class DossierProblem(TypedDict):
    number: str
    state: str
    text: str


class Dossier(TypedDict):
    enterprise: str
    name: str
    building: str
    layer: str | None
    silence_days: int | None
    last_contacts: list[LastContact]
    positions: list[str]
    gaps: list[SupplyGap]
    questions: list[OpenQuestion]
    refused_bookings: list[RefusedBooking]
    policies: list[DossierPolicy]
    needs: list[DossierNeed]
    problems: list[DossierProblem]
    promises: list[VisitPromise]
    milestones: list[Milestone]
    machines_due: int


class PlanStep(TypedDict):
    method: str
    every_days: int
    once_on_day: int


class VisitPlan(TypedDict):
    layer: str
    steps: list[PlanStep]


class WeekAssignment(TypedDict):
    visit: str
    enterprise: str
    specialist: str
    day: DayText


class WeekLeftOver(TypedDict):
    visit: str
    enterprise: str
    reasons: list[str]


_VisitWeekWords = TypedDict("_VisitWeekWords", {"from": DayText})


class VisitWeek(_VisitWeekWords):
    status: str
    value: list[int]
    bound: list[int]
    gap: int
    assignments: list[WeekAssignment]
    left_over: list[WeekLeftOver]
    visits: list[int]


class VisitDue(TypedDict):
    method: str
    due_on: DayText
    suggested_on: DayText
    reason: str
    milestone: str | None


class NextVisit(TypedDict):
    enterprise: str
    name: str
    layer: str | None
    silence_days: int | None
    due: list[VisitDue]
    milestones: list[Milestone]
    planned: DayText | None
