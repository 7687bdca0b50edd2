"""What the calls of quarter answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

_QuarterLineWords = TypedDict("_QuarterLineWords", {"yield": float | None})


class QuarterLine(_QuarterLineWords):
    bookable_hours: float
    effective_hours: float
    served_hours: float
    share: float | None
    income_fen: int
    value_fen: int | None


class QuarterTrend(QuarterLine):
    quarter: str


class QuarterInstrument(QuarterLine):
    name: str
    owner: str | None
    category: str


class Quarter(TypedDict):
    items: list[QuarterInstrument]
    total: int
    quarter: str
    all: QuarterLine
    trend: list[QuarterTrend]
