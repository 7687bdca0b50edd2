"""What the calls of projects answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText


class JointBase(TypedDict):
    id: int
    name: str
    university: str
    resolution: int | None


class Project(TypedDict):
    """A university project; title, firm and segment are null where they are not the reader's to know."""

    id: int
    title: str | None
    university: str
    enterprise: str | None
    stage: str
    segment: str | None
    started_on: DayText
    match_on: DayText | None
    research_on: DayText | None
    pilot_on: DayText | None
    production_on: DayText | None
    days: int | None
    in_time: bool | None
