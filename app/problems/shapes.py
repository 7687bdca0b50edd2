"""What the calls of problems answer, field by field."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText
from app.problems.reports.shapes import ProblemFigures


class ProblemClock(TypedDict):
    kind: str
    due_at: str | None
    state: str
    extended: bool
    provisional: bool


_ProblemCardWords = TypedDict("_ProblemCardWords", {"class": str})


class ProblemCard(_ProblemCardWords):
    id: int
    number: str
    state: str
    category: str
    text: str
    place: str
    department: str | None
    departments: list[str]
    responsible: str | None
    handler: str | None
    firms: list[str]
    repeat: int
    registered_at: str | None
    clock: ProblemClock | None


class ProblemConfirmed(ProblemCard):
    score: int | None


class Coordination(TypedDict):
    id: int
    state: str
    on: DayText
    held_on: DayText | None


class ProblemReport(TypedDict):
    classes: list[ProblemFigures]
    n: int


class About(TypedDict):
    """A segment or a resource that a problem is about."""

    kind: str
    name: str
    state: str
    url: str


class WholeProblem(ProblemCard):
    about: list[About]
    path: list[dict[str, Any]]


class ProblemPhoto(TypedDict):
    id: str
