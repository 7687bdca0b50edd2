"""What the calls of surveys answer, field by field."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText, MomentText
from app.voice.results.rows import Results


class SurveyTitle(TypedDict):
    zh: str
    en: str


class Survey(TypedDict):
    id: int
    survey: str
    version: int
    state: str
    title: SurveyTitle
    anonymous: bool
    questions: int
    sha256: str
    closes_on: DayText | None
    written_at: MomentText
    reviewed_at: MomentText | None
    opened_at: MomentText | None
    closed_at: MomentText | None


class SurveyFinding(TypedDict):
    question: str | None
    code: str
    level: str
    message: str


class SurveyLinted(TypedDict):
    id: int
    state: str
    problems: list[SurveyFinding]
    seconds: float


class SurveyInvitation(TypedDict):
    id: int
    enterprise: str
    layer: str
    channel: str
    state: str
    reminders: int
    token: str | None


class OwnSurveyTitle(TypedDict):
    zh: str
    en: str


class OwnSurvey(TypedDict):
    id: int
    survey: str
    version: int
    title: OwnSurveyTitle
    anonymous: bool
    closes_on: DayText | None
    token: str
    url: str


class WholeSurvey(Survey):
    file: dict[str, Any]
    seconds: float
    invited: int
    answered: int


class SurveyOpened(Survey):
    invited: int


class SurveyResults(Results):
    survey: str
    version: int
    anonymous: bool
