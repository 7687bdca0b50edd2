"""Qualifications and who gets them: forms and bodies."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import (
    DateField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, Length, Optional

from app.hall.api.fields import ApiModel, Day
from app.sharing.fields import Id


class QualificationBody(ApiModel):
    code: str = Field(min_length=2, max_length=30)
    name: str = Field(min_length=1, max_length=120)


class GrantBody(ApiModel):
    """Without a day it counts for good; a second grant to the same member renews the first."""

    enterprise: str = Field(min_length=1, max_length=40)
    login: str = Field(min_length=1, max_length=60)
    expires_on: Day | None = None


class QualificationPath(ApiModel):
    qualification_id: Id


class GrantPath(ApiModel):
    grant_id: Id


class QualificationForm(FlaskForm):
    code = StringField(
        _l("代码"),
        description=_l("字母、数字、连字符或下划线。"),
        validators=[DataRequired(), Length(max=30)],
    )
    name = StringField(_l("名称"), validators=[DataRequired(), Length(max=120)])


class GrantForm(FlaskForm):
    qualification = SelectField(_l("资质"), coerce=int)
    organisation = StringField(_l("单位代码"), validators=[DataRequired(), Length(max=40)])
    login = StringField(_l("登录名"), validators=[DataRequired(), Length(max=60)])
    expires = DateField(_l("有效期至"), description=_l("空白为长期有效。"), validators=[Optional()])
