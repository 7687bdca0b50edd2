"""What is typed or sent about outcomes."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import DecimalField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.ecosystem.schemas import REQUIRED, IdPath
from app.hall.api.fields import ApiModel

#: Past 10^12 nothing is an amount of this park; NaN and infinities are refused by pydantic's Decimal.
Number = Annotated[Decimal, Field(ge=-(10**12), le=10**12, max_digits=18, decimal_places=3)]


class ContestBody(ApiModel):
    reason: str = Field(min_length=1, max_length=500)


class OutcomeBody(ApiModel):
    metric: str = Field(min_length=1, max_length=60)
    baseline: Number
    actual: Number
    unit: str = Field(min_length=1, max_length=20)
    period: str = Field(min_length=1, max_length=40)
    beneficiary: str | None = Field(None, max_length=20)


class OutcomePath(IdPath):
    outcome: int = Field(ge=1, le=2**62)


class OutcomeForm(FlaskForm):
    """What came of it."""

    metric = StringField(_l("指标"), [REQUIRED, Length(max=60)])
    baseline = DecimalField(_l("基线"), [InputRequired(_l("请填写此项。"))], places=None)
    actual = DecimalField(_l("实际"), [InputRequired(_l("请填写此项。"))], places=None)
    unit = StringField(_l("计量单位"), [REQUIRED, Length(max=20)])
    period = StringField(_l("期间"), [REQUIRED, Length(max=40)])
    beneficiary_id = SelectField(_l("谁得到了这项成效（由其确认）"), coerce=int)
