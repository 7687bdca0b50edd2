"""What is typed or sent at the round table."""

from __future__ import annotations

from typing import Literal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import DateField, SelectField, TextAreaField
from wtforms.validators import Length

from app.ecosystem.schemas import REQUIRED, Code, IdPath
from app.hall.api.fields import ApiModel, AwareMoment, Day, PageQuery


class ItemPath(IdPath):
    item: int = Field(ge=1, le=2**62)


class MeetingBody(ApiModel):
    start: AwareMoment
    end: AwareMoment
    place: str = Field("", max_length=200)


class ItemBody(ApiModel):
    title: str = Field(min_length=1, max_length=200)


class VoteBody(ApiModel):
    """`organisation`: whose seat, where the secretary writes down what a seat said at the table."""

    choice: Literal["yes", "no", "abstain"]
    organisation: Code | None = None


class ResolveBody(ApiModel):
    text: str = Field(min_length=1, max_length=500)
    owner: Code
    due_on: Day


class MinutesBody(ApiModel):
    minutes: str = Field(min_length=1, max_length=8000)


class CloseBody(ApiModel):
    note: str = Field(min_length=1, max_length=1000)


class ResolutionQuery(PageQuery):
    open: bool = False


class ResolutionForm(FlaskForm):
    """What was decided."""

    text = TextAreaField(_l("决议内容"), [REQUIRED, Length(max=500)])
    owner_id = SelectField(_l("负责单位"), coerce=int)
    due_on = DateField(_l("完成期限"), [REQUIRED])
