"""What is typed or sent about projects and joint bases."""

from __future__ import annotations

from typing import Literal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from app.ecosystem.schemas import REQUIRED, Code
from app.hall.api.fields import ApiModel, Day


class ProjectBody(ApiModel):
    title: str = Field(min_length=2, max_length=120)
    university: Code
    enterprise: Code
    started_on: Day
    segment: str | None = Field(None, max_length=60)
    need: int | None = Field(None, ge=1, le=2**62)
    base: int | None = Field(None, ge=1, le=2**62)


class AdvanceBody(ApiModel):
    stage: Literal["match", "research", "pilot", "production", "dropped"]
    on: Day
    note: str = Field("", max_length=500)


class BaseBody(ApiModel):
    name: str = Field(min_length=2, max_length=100)
    field: str = Field("", max_length=100)
    university: Code
    enterprises: list[Code] = Field(default_factory=list, max_length=200)
    resolution: int | None = Field(None, ge=1, le=2**62)
    founded_on: Day


class ProjectForm(FlaskForm):
    """A university project."""

    title = StringField(_l("项目名称"), [REQUIRED, Length(4, 100)])
    university_id = SelectField(_l("高校或院所"), coerce=int)
    enterprise_id = SelectField(_l("承接企业"), coerce=int)
    segment = SelectField(_l("产业链环节"), [Optional()])
    base_id = SelectField(_l("联合基地"), coerce=int)
    started_on = DateField(_l("立项日期"), [REQUIRED])


class StageForm(FlaskForm):
    """The next stage of a project."""

    stage = SelectField(_l("进入阶段"))
    on = DateField(_l("日期"), [REQUIRED])
    note = TextAreaField(_l("说明"), [Optional(), Length(max=500)])


class BaseForm(FlaskForm):
    """A joint base."""

    name = StringField(_l("基地名称"), [REQUIRED, Length(4, 100)])
    field = StringField(_l("方向"), [Optional(), Length(max=100)])
    university_id = SelectField(_l("高校或院所"), coerce=int)
    firms = SelectMultipleField(_l("共建企业"), coerce=int)
    resolution_id = SelectField(_l("依据的决议"), coerce=int)
    founded_on = DateField(_l("成立日期"), [REQUIRED])
