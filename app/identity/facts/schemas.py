"""What the forms and calls about facts, joining and leaving take."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import EmailInput

from app.hall.api.fields import ApiModel, Day
from app.identity.arrivals.schemas import DescribedForm
from app.identity.schemas import at_most, email_like, needed


class FactsForm(DescribedForm):
    kind = None  # an organisation stays what it is
    contact_email = StringField(_l("联系邮箱"), [Optional(), at_most(120), email_like()], widget=EmailInput())
    website = StringField(_l("网址"), [at_most(200)])
    tax_title = StringField(_l("开票抬头"), [at_most(100)])
    registered_on = DateField(_l("注册日期"), [Optional()])
    reason = TextAreaField(_l("说明"), [at_most(500)])


class LeavingForm(FlaskForm):
    day = DateField(_l("最后一天"), [needed])
    reason = TextAreaField(_l("理由"), [needed, at_most(500)])


class JoiningForm(FlaskForm):
    into = StringField(_l("并入机构的编号"), [needed, at_most(20)])
    reason = TextAreaField(_l("理由"), [needed, at_most(500)])


class FactsBody(ApiModel):
    name_zh: str | None = Field(None, max_length=100)
    name_en: str | None = Field(None, max_length=100)
    short_name: str | None = Field(None, max_length=40)
    credit_code: str | None = Field(None, max_length=60)
    industry: str | None = Field(None, max_length=40)
    industry_code: str | None = Field(None, max_length=10)
    size: str | None = Field(None, max_length=10)
    building: str | None = Field(None, max_length=40)
    room: str | None = Field(None, max_length=40)
    contact: str | None = Field(None, max_length=60)
    contact_phone: str | None = Field(None, max_length=30)
    contact_email: str | None = Field(None, max_length=120)
    website: str | None = Field(None, max_length=200)
    tax_title: str | None = Field(None, max_length=100)
    registered_on: Day | None = None
    reason: str = Field("", max_length=500)


class DecisionBody(ApiModel):
    agree: bool
    reason: str = Field("", max_length=500)


class LeavingBody(ApiModel):
    day: Day
    reason: str = Field(min_length=1, max_length=500)


class JoiningBody(ApiModel):
    into: str = Field(min_length=1, max_length=20)
    reason: str = Field(min_length=1, max_length=500)


class ReasonBody(ApiModel):
    reason: str = Field(min_length=1, max_length=500)


class IntoPath(ApiModel):
    code: str = Field(min_length=1, max_length=20)
    into: str = Field(min_length=1, max_length=20)


class ChangePath(ApiModel):
    change_id: int = Field(ge=1, le=2**62)


class JoinPath(ApiModel):
    join_id: int = Field(ge=1, le=2**62)
