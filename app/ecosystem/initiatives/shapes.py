"""What the calls of initiatives answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText


class InitiativeFactor(TypedDict):
    name: str
    since_on: DayText


class Complaints(TypedDict):
    complaints: int
    firm_months: int


class DeliverableCounts(TypedDict):
    promised: int
    delivered: int
    late: int


class InitiativeHead(TypedDict):
    id: int
    title: str
    state: str
    factor: InitiativeFactor
    before: Complaints
    after: Complaints
    p: float | None


class Initiative(InitiativeHead):
    deliverables: DeliverableCounts


class Deliverable(TypedDict):
    id: int
    what: str
    owner: str | None
    quantity: int
    unit: str
    promised_on: DayText
    delivered: int
    delivered_on: DayText | None


class InitiativeProblem(TypedDict):
    text: str
    url: str


class WholeInitiative(InitiativeHead):
    lead: str | None
    deliverables: list[Deliverable]
    problems: list[InitiativeProblem]


class DeliverablePromised(WholeInitiative):
    made: int
