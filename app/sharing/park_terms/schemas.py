"""The park's terms and holidays: forms and bodies."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import (
    DateField,
    DecimalField,
    IntegerField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.hall.api.fields import ApiModel, Day
from app.hall.web.span_field import SpanField
from app.sharing.fields import Id


class HolidayBody(ApiModel):
    """One day, or every day up to `until`."""

    day: Day
    name: str = Field(min_length=1, max_length=60)
    until: Day | None = None


class DaysBody(ApiModel):
    """The text of a notice, or lines of days; `year` where its title does not say it."""

    text: str = Field(min_length=1, max_length=20_000)
    year: int | None = Field(None, ge=2000, le=2199)


class HolidayDropBody(ApiModel):
    day: Day


class TermsBody(ApiModel):
    """Only what is named changes."""

    credit_share_ratio: float | None = Field(None, ge=0, le=1)
    credit_value_fen: int | None = Field(None, ge=1, le=1_000_000)
    no_show_limit: int | None = Field(None, ge=0, le=100)
    suspension_days: int | None = Field(None, ge=1, le=366)
    offer_minutes: int | None = Field(None, ge=5, le=10_080)
    no_show_grace_minutes: int | None = Field(None, ge=0, le=20_160)
    dispute_days: int | None = Field(None, ge=1, le=90)
    payment_days: int | None = Field(None, ge=0, le=180)
    absent_minutes: int | None = Field(None, ge=0, le=480)


class SuspensionPath(ApiModel):
    suspension_id: Id


def _may_stay(label: LazyString, low: int, high: int, hint: LazyString) -> IntegerField:
    """A term that stays as it is where a form does not send it."""
    return IntegerField(label, description=hint, validators=[Optional(), NumberRange(min=low, max=high)])


def _whole(label: LazyString, low: int, high: int, hint: LazyString | str = "") -> IntegerField:
    return IntegerField(label, description=hint, validators=[InputRequired(), NumberRange(min=low, max=high)])


class TermsForm(FlaskForm):
    credit_share = _whole(_l("积分抵扣上限"), 0, 100)
    credit_value = DecimalField(
        _l("每个积分抵扣"), places=2, validators=[InputRequired(), NumberRange(min=0.01, max=10_000)]
    )
    no_show_limit = _whole(_l("未到场次数上限"), 0, 100, _l("90 天内达到此数即暂停预约；0 为不暂停。"))
    suspension_days = _whole(_l("暂停时长"), 1, 366)
    no_show_grace_minutes = SpanField(
        _l("未到场宽限"),
        high=20_160,
        bare=1,
        description=_l("预约结束后，所有者仍可补登使用的时间；之后记为未到场。"),
    )
    offer_minutes = SpanField(_l("候补名额保留"), low=5, high=10_080, bare=1)
    dispute_days = _whole(_l("异议期"), 1, 90, _l("结算后可提出异议的天数。"))

    payment_days = _may_stay(_l("付款期限"), 0, 180, _l("结清后多少天内转账；过期列为逾期并提醒。"))

    absent_minutes = SpanField(
        _l("无人到场释放"),
        high=480,
        bare=1,
        needed=False,
        description=_l("开始后这么久仍无人开机，余下时段即释放并通知候补；0 为不释放。"),
    )

    def values(self) -> dict[str, float]:
        plain = (
            "no_show_limit",
            "suspension_days",
            "no_show_grace_minutes",
            "offer_minutes",
            "dispute_days",
        )
        newer = {name: getattr(self, name).data for name in ("payment_days", "absent_minutes")}
        kept = {name: float(value) for name, value in newer.items() if value is not None}
        return (
            {name: int(getattr(self, name).data) for name in plain}
            | kept
            | {
                "credit_share_ratio": self.credit_share.data / 100,
                "credit_value_fen": int(self.credit_value.data * 100),
            }
        )


class HolidayForm(FlaskForm):
    day = DateField(_l("日期"), validators=[InputRequired()])
    until = DateField(_l("至（可不填）"), validators=[Optional()])
    name = StringField(_l("名称"), validators=[DataRequired(), Length(max=60)])
