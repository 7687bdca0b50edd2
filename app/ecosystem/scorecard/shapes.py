"""What the calls of scorecard answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict


class ScorecardMonth(TypedDict):
    month: str
    needs: float
    offers: float
    matches: float
    introductions: float
    outcomes: float
    meetings: float
    links: float
    hours: float
    licences: float
    credits: float
    confirmed: dict[str, float]
