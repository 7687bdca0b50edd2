"""What the calls of lending answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText


class Placement(TypedDict):
    id: int
    resource: int
    enterprise: str
    state: str
    starts_on: DayText
    ends_on: DayText
    days: int
    person: str | None


class ConsentLink(TypedDict):
    path: str | None
    mailed: bool


class Licence(TypedDict):
    id: int
    resource: int
    enterprise: str
    state: str
    months: int
    fee_fen: int
    fee_basis: str
    starts_on: DayText | None
    ends_on: DayText | None
    valid: bool
