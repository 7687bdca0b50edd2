"""What people send of use and charges: forms and bodies, every field bounded."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import (
    DateTimeLocalField,
    DecimalField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.hall.api.fields import ApiModel, AwareMoment
from app.sharing.fields import Fen, ReasonBody, Text500


class UsageBody(ApiModel):
    start: AwareMoment
    end: AwareMoment
    note: Text500 = ""


class DisputeBody(ReasonBody):
    reason: str = Field("", max_length=1000)


class AdjustBody(ApiModel):
    amount_fen: Fen
    reason: str = Field(min_length=1, max_length=500)


class DisputeForm(FlaskForm):
    reason = TextAreaField(_l("哪里不对"), validators=[DataRequired(), Length(max=1000)])


class AdjustForm(FlaskForm):
    amount = DecimalField(_l("调整后的金额"), places=2, validators=[InputRequired(), NumberRange(min=0)])
    reason = StringField(_l("理由"), validators=[DataRequired(), Length(max=500)])


class UsageForm(FlaskForm):
    start = DateTimeLocalField(_l("实际开始"), validators=[InputRequired()])
    end = DateTimeLocalField(_l("实际结束"), validators=[InputRequired()])
    note = StringField(_l("备注"), validators=[Length(max=500)])


class OwnUseForm(UsageForm):
    resource = SelectField(_l("仪器"), coerce=int)
