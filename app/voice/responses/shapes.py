"""What the calls of responses answer, field by field."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText


class SheetTitle(TypedDict):
    zh: str
    en: str


class Sheet(TypedDict):
    survey: str
    version: int
    title: SheetTitle
    anonymous: bool
    closes_on: DayText | None
    questions: list[dict[str, Any]]
    saved: dict[
        str,
        str
        | int
        | float
        | list[str | int | float | bool | None]
        | tuple[str | int | float | bool | None, ...]
        | None,
    ]


class SheetTaken(TypedDict):
    state: Literal["received", "saved"]
