"""What the calls of arrivals answer, field by field."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText, MomentText


class CandidateRow(TypedDict):
    """An organisation that is there already, and how sure it is that it is the one meant."""

    grade: str
    code: str
    name: str


class Invitation(TypedDict):
    """The link itself (`url`) is told once, to whom made it."""

    id: int
    name: str
    mailed: bool
    expires_at: MomentText
    url: NotRequired[str]


class OrganisationAdded(TypedDict):
    id: int
    code: str
    kind: str
    status: str
    similar: list[CandidateRow]
    invitation: Invitation | None


class AdministratorInvited(TypedDict):
    code: str
    invitation: Invitation | None


class OrganisationRow(TypedDict):
    id: int
    code: str
    kind: str
    name_zh: str
    name_en: str
    short_name: str
    credit_code: str
    industry: str
    industry_code: str
    size: str
    building: str
    room: str
    status: str
    registered_on: DayText | None
