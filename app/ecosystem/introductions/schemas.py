"""What is typed or sent about introductions."""

from __future__ import annotations

from typing import Literal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from app.ecosystem.schemas import REQUIRED
from app.hall.api.fields import ApiModel, PageQuery


class IntroductionQuery(PageQuery):
    state: str = Field("", max_length=20, pattern="^[a-z]*$")


class MoveBody(ApiModel):
    to: Literal["met", "negotiating", "agreed", "delivering", "lost"]
    note: str = Field("", max_length=2000)


class NoteBody(ApiModel):
    text: str = Field(min_length=1, max_length=2000)


class NoteForm(FlaskForm):
    """A line of the timeline."""

    text = TextAreaField(_l("记录"), [REQUIRED, Length(max=2000)])


class NextForm(FlaskForm):
    """What comes next."""

    step = StringField(_l("下一步"), [REQUIRED, Length(max=200)])
    due_on = DateField(_l("期限"), [REQUIRED])
    owner_id = SelectField(_l("由谁负责"), coerce=int)
