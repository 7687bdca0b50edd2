"""What the calls of qualifications answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText


class Qualification(TypedDict):
    id: int
    code: str
    name: str
    owner: str | None


class Grant(TypedDict):
    id: int
    qualification: int
    enterprise: str
    login: str
    expires_on: DayText | None


class GrantRevoked(TypedDict):
    id: int
    revoked: bool
