"""What the calls and forms about rewards take."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import DateField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.credits.schemas import ReasonBody
from app.hall.api.fields import ApiModel, Day, PageQuery


class RedemptionBody(ApiModel):
    reward: str = Field(min_length=1, max_length=60)
    quantity: int = Field(1, ge=1, le=1000)
    note: str = Field("", max_length=1000)


class FulfilBody(ReasonBody):
    reference: str = Field("", max_length=200)
    starts_on: Day | None = Field(None, description="Of a venue: the first day, today where nothing is said")


class RewardQuery(PageQuery):
    category: str = Field("", max_length=40)


class PicturePath(ApiModel):
    picture: str = Field(pattern=r"^[0-9a-f]{64}$")


class RedeemForm(FlaskForm):
    quantity = IntegerField(_l("数量"), [InputRequired(_l("请填写数量。")), NumberRange(1, 1000)], default=1)
    note = TextAreaField(_l("用途说明（选填）"), [Length(max=1000)])
    key = HiddenField(validators=[Length(max=64)])


class FulfilForm(FlaskForm):
    starts_on = DateField(_l("启用日期（空为今天）"), [Optional()])
    reference = StringField(_l("兑现凭据（如房号、券号）"), [Length(max=200)])
