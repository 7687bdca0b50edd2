"""What the calls of questionnaires take: every field bounded, unknown ones refused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from app.hall.api.fields import ApiModel, Day, PageQuery
from app.voice.surveys.reading import LONGEST_ID, MOST_QUESTIONS

One = str | int | float | bool | None
Code = Annotated[str, Field(min_length=1, max_length=20)]


class SurveyPath(ApiModel):
    survey_id: int = Field(ge=1, le=2**62)


class TokenPath(ApiModel):
    token: str = Field(min_length=1, max_length=64)


class SurveyBody(ApiModel):
    """A file of `parklink-survey/1`, and beside it what the form is called and whether it is anonymous."""

    format: Literal["parklink-survey/1"]
    id: str = Field(min_length=1, max_length=LONGEST_ID)
    version: int = Field(1, ge=0, le=1_000_000)
    reviewed_by: str | None = Field(
        None, max_length=2000, description="Not read: who reviews is written here"
    )
    limit_seconds: float | None = Field(None, ge=0, le=86_400)
    questions: list[dict[str, JsonValue]] = Field(max_length=MOST_QUESTIONS)
    title: str = Field("", max_length=200)
    title_en: str = Field("", max_length=200)
    anonymous: bool = False


class SurveyQuery(PageQuery):
    state: Literal["", "draft", "linted", "reviewed", "open", "closed"] = ""


class OpenBody(ApiModel):
    """With neither firms nor layers every active firm is asked."""

    enterprises: list[Code] = Field(default_factory=list, max_length=20_000)
    layers: list[Literal["new", "large", "medium", "small_micro"]] = Field(default_factory=list, max_length=4)
    due_only: bool = Field(
        False, description="Only firms that the contact plan of their layer has due this quarter"
    )
    channel: Literal["online", "paper", "phone"] = "online"
    closes_on: Day | None = Field(
        None, description="The last day; three weeks from today where nothing is said"
    )
    seats: int = Field(1, ge=1, le=5, description="Sheets a firm; one where the survey is anonymous")


class InvitationQuery(PageQuery):
    state: Literal["", "sent", "used", "silent"] = ""
    channel: Literal["", "online", "paper", "phone"] = ""


class AnswersBody(ApiModel):
    answers: dict[str, One | list[One]] = Field(max_length=MOST_QUESTIONS)
    save: bool = Field(False, description="Keep for later instead of sending; not for anonymous surveys")
