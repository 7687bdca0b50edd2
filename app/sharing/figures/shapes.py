"""What the calls of figures answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import MinuteText


class RefusedDemand(TypedDict):
    """Refused wishes of a class of instruments: counts only, never who."""

    kind: str
    category: str
    wishes: int
    hours: float
    organisations: int
    resources: list[int]
    codes: dict[str, int]


class UseFigures(TypedDict):
    bookable_hours: float
    own_hours: float
    shared_hours: float
    ratio: float | None
    own_ratio: float | None
    points: float | None
    relative: float | None
    income_fen: int


class ResourceUse(UseFigures):
    resource: int
    name: str


_UtilisationWords = TypedDict("_UtilisationWords", {"from": MinuteText})


class Utilisation(_UtilisationWords):
    items: list[ResourceUse]
    total: int
    all: UseFigures
    to: MinuteText
    made_at: MinuteText
