"""What the calls of matches answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.ecosystem.market.shapes import Post
from app.ecosystem.shapes import Named
from app.hall.api.shapes import DayText


class MatchReason(TypedDict):
    code: str
    message: str


class MatchSides(TypedDict):
    need: Named | None
    offer: Named | None


class Match(TypedDict):
    id: int
    state: str
    score: float
    reasons: list[MatchReason]
    side: str | None
    need: Post
    offer: Post
    counterpart: Named | None
    sides: MatchSides
    my_answer: bool | None
    their_answer: bool | None
    expires_on: DayText
    refused_until: DayText | None
    introduction: int | None
