"""What is typed or sent about signals."""

from __future__ import annotations

from typing import Literal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from app.ecosystem.schemas import REQUIRED, Code, Tag
from app.hall.api.fields import ApiModel, Day, PageQuery


class SignalBody(ApiModel):
    """Firms may complain in their own name; visits and surveys come from the park's staff."""

    kind: Literal["complaint", "visit", "survey"]
    text: str = Field(min_length=1, max_length=1000)
    enterprise: Code | None = None
    segment: str | None = Field(None, max_length=60)
    resource: int | None = Field(None, ge=1, le=2**62)
    need: int | None = Field(None, ge=1, le=2**62)
    tags: list[Tag] = Field(default_factory=list, max_length=8)
    occurred_on: Day | None = None


class SignalQuery(PageQuery):
    kind: Literal[
        "", "complaint", "visit", "survey", "refused_booking", "tea_talk", "shadowing", "repair"
    ] = ""
    q: str = Field("", max_length=100)
    tag: str = Field("", max_length=30)


class SignalForm(FlaskForm):
    """Something heard."""

    kind = SelectField(_l("类型"))
    text = TextAreaField(_l("内容"), [REQUIRED, Length(max=1000)])
    organisation_id = SelectField(_l("提出单位"), coerce=int)
    segment = SelectField(_l("产业链环节"), [Optional()])
    tags = StringField(_l("标签"), [Optional(), Length(max=200)])
    occurred_on = DateField(_l("日期"), [REQUIRED])
