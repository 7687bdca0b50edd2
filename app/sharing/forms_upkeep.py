"""Forms of upkeep: special prices, units, qualifications, and the park's terms."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DecimalField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.sharing.calendar import DAY
from app.sharing.messages import GROUP_NAMES, WEEKDAY_NAMES
from app.sharing.service.resources import NewRate


def _whole(label: Any, low: int, high: int, hint: Any = "") -> IntegerField:
    return IntegerField(label, description=hint, validators=[InputRequired(), NumberRange(min=low, max=high)])


class RateForm(FlaskForm):
    group = SelectField(
        _l("会员类别"),
        choices=[SelectChoice("", _l("所有会员"))] + [SelectChoice(k, v) for k, v in GROUP_NAMES.items()],
    )
    rate = DecimalField(
        _l("每小时价格"), places=2, validators=[InputRequired(), NumberRange(min=0, max=10**8)]
    )
    opens = TimeField(_l("自"), validators=[Optional()])
    closes = TimeField(_l("至"), description=_l("空白或 00:00 为当日结束。"), validators=[Optional()])
    weekdays = SelectMultipleField(
        _l("星期"),
        coerce=int,
        choices=[SelectChoice(k, v) for k, v in WEEKDAY_NAMES.items()],
        description=_l("不选即每天。"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def new_rate(self) -> NewRate:
        opens, closes = self.opens.data, self.closes.data
        return NewRate(
            int(self.rate.data * 100),
            self.group.data or None,
            tuple(self.weekdays.data or ()),
            opens.hour * 60 + opens.minute if opens else 0,
            (closes.hour * 60 + closes.minute if closes else 0) or DAY,
        )


class UnitForm(FlaskForm):
    label = StringField(_l("台位编号"), validators=[DataRequired(), Length(max=60)])


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


class TermsForm(FlaskForm):
    credit_share = _whole(_l("积分抵扣上限"), 0, 100)
    credit_value = DecimalField(
        _l("每个积分抵扣"), places=2, validators=[InputRequired(), NumberRange(min=0.01, max=10_000)]
    )
    no_show_limit = _whole(_l("未到场次数上限"), 0, 100, _l("90 天内达到此数即暂停预约；0 为不暂停。"))
    suspension_days = _whole(_l("暂停时长"), 1, 366)
    no_show_grace_minutes = _whole(
        _l("未到场宽限"), 0, 20_160, _l("预约结束后，所有者仍可补登使用的时间；之后记为未到场。")
    )
    offer_minutes = _whole(_l("候补名额保留"), 5, 10_080)
    dispute_days = _whole(_l("异议期"), 1, 90, _l("结算后可提出异议的天数。"))

    def values(self) -> dict[str, float]:
        plain = (
            "no_show_limit", "suspension_days", "no_show_grace_minutes", "offer_minutes", "dispute_days",
        )  # fmt: skip
        return {name: int(getattr(self, name).data) for name in plain} | {
            "credit_share_ratio": self.credit_share.data / 100,
            "credit_value_fen": int(self.credit_value.data * 100),
        }


class HolidayForm(FlaskForm):
    day = DateField(_l("日期"), validators=[InputRequired()])
    name = StringField(_l("名称"), validators=[DataRequired(), Length(max=60)])
