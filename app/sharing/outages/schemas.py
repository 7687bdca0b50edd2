"""What owners send of outages: forms and bodies."""

from __future__ import annotations

from typing import Literal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app.hall.api.fields import ApiModel, AwareMoment
from app.sharing.fields import Id, Text500


class OutageBody(ApiModel):
    start: AwareMoment
    end: AwareMoment
    reason: Text500 = ""
    kind: Literal["repair", "maintenance", "calibration", "other"] = "repair"
    unit: Id | None = None


class OutageForm(FlaskForm):
    kind = SelectField(
        _l("类型"),
        choices=[
            SelectChoice("repair", _l("维修")),
            SelectChoice("maintenance", _l("计划维护")),
            SelectChoice("calibration", _l("校准")),
            SelectChoice("other", _l("其他")),
        ],
    )
    start = DateTimeLocalField(_l("开始"), validators=[InputRequired()])
    end = DateTimeLocalField(_l("结束"), validators=[InputRequired()])
    reason = StringField(_l("原因（预约人可见）"), validators=[DataRequired(), Length(max=500)])
