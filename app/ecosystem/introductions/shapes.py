"""What the calls of introductions answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.ecosystem.outcomes.shapes import Outcome
from app.ecosystem.shapes import Named
from app.hall.api.shapes import DayText, MomentText


class Introduction(TypedDict):
    id: int
    title: str
    origin: str
    state: str
    stage: str
    asking: Named | None
    giving: Named | None
    prospect: str | None
    match: int | None
    next_step: str
    next_due_on: DayText | None
    opened_at: MomentText
    last_noted_at: MomentText
    confirmed_outcomes: int


class WholeIntroduction(Introduction):
    outcomes: list[Outcome]
