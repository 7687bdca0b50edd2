"""What the calls of the market answer, field by field."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText


class Post(TypedDict):
    """A need (with `budget_fen`) or an offer (with `price_fen`); what is the owner's to know stands in its last three."""

    id: int
    kind: str
    title: str
    description: str
    product: str
    tags: list[str]
    segment: str | None
    budget_fen: NotRequired[int | None]
    price_fen: NotRequired[int | None]
    quantity: float | None
    unit: str
    deadline: DayText | None
    visibility: str
    state: str
    mine: NotRequired[bool]
    in_review: NotRequired[bool]
    flags: NotRequired[list[str]]
