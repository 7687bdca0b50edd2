"""What the calls of research costs answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict


class ResearchCosts(TypedDict):
    firm: str
    year: int
    base_year: int
    base_fen: int
    actual_fen: int
    sharing_fen: int | None
    licences_fen: int | None
    credits_fen: int | None
    saved_fen: int | None
    saved_ratio: float | None
    change_ratio: float | None
    shown: bool


class Mean(TypedDict):
    n: int
    value: float | None


class ResearchCostsYear(TypedDict):
    year: int
    means: dict[str, Mean]
    firms: list[ResearchCosts]
