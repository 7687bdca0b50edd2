"""What the calls of signals answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText


class Signal(TypedDict):
    id: int
    kind: str
    text: str
    topic: str
    enterprise: str | None
    segment: str | None
    resource: int | None
    need: int | None
    minutes: int
    occurred_on: DayText
    tags: list[str]
