"""Forms of the sharing room."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    DecimalField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app import clock

MINUTES = NumberRange(min=0, max=44_640)


def park_moment(day: dt.date, time: dt.time) -> dt.datetime:
    """The moment at which the park's clock shows that day and time."""
    return dt.datetime.combine(day, time, clock.ZONE).astimezone(dt.UTC)


def aware(value: dt.datetime) -> dt.datetime:
    """A datetime-local input is park time."""
    return value.replace(tzinfo=clock.ZONE).astimezone(dt.UTC)


class BookingForm(FlaskForm):
    resource = SelectField(_l("仪器"), coerce=int)
    day = DateField(_l("日期"), validators=[InputRequired()])
    start = TimeField(_l("开始"), validators=[InputRequired()])
    end = TimeField(_l("结束"), validators=[InputRequired()])
    purpose = StringField(_l("用途"), validators=[Length(max=500)])
    use_credits = BooleanField(_l("用创新积分抵扣"))

    def span(self) -> tuple[dt.datetime, dt.datetime]:
        """An end before the start is on the next day; 00:00 is midnight at the end of the day."""
        start = park_moment(self.day.data, self.start.data)
        end = park_moment(self.day.data, self.end.data)
        return start, end if end > start else end + dt.timedelta(days=1)


class SeriesForm(BookingForm):
    weeks = IntegerField(_l("连续周数"), validators=[InputRequired(), NumberRange(min=2, max=52)], default=8)
    partly = BooleanField(_l("有冲突的日期跳过，其余照常预约"))


class MoveForm(FlaskForm):
    day = DateField(_l("日期"), validators=[InputRequired()])
    start = TimeField(_l("开始"), validators=[InputRequired()])
    end = TimeField(_l("结束"), validators=[InputRequired()])
    span = BookingForm.span


class ReasonForm(FlaskForm):
    reason = StringField(_l("理由"), validators=[Length(max=500)])


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


class ExceptionForm(FlaskForm):
    day = DateField(_l("日期"), validators=[InputRequired()])
    opens = TimeField(_l("开放自"), validators=[Optional()])
    closes = TimeField(_l("至"), validators=[Optional()])
    reason = StringField(_l("说明"), validators=[Length(max=200)])


class WaitForm(FlaskForm):
    resource = HiddenField()
    start = DateTimeLocalField(_l("最早开始"), validators=[InputRequired()])
    end = DateTimeLocalField(_l("最晚结束"), validators=[InputRequired()])
    minutes = IntegerField(_l("需要的时长"), validators=[InputRequired(), NumberRange(min=5, max=44_640)])
    purpose = StringField(_l("用途"), validators=[Length(max=500)])


def _lines_of_opening(value: str) -> list[tuple[int, str, str]]:
    """`1-5 09:00-17:00` per line → (weekday, from, to)."""
    found = []
    for line in value.splitlines():
        text = line.replace("–", "-").replace("：", ":").strip()
        if not text:
            continue
        days, _sep, hours = text.partition(" ")
        first, _sep, last = days.partition("-")
        opens, _sep, closes = hours.strip().partition("-")
        if not (first.isdigit() and (last or first).isdigit() and opens and closes):
            raise ValidationError(_("第“%(line)s”行应写成 1-5 09:00-17:00 的形式。", line=line))
        low, high = int(first), int(last or first)
        if not 1 <= low <= high <= 7:
            raise ValidationError(_("第“%(line)s”行的星期应为 1 至 7。", line=line))
        found += [(day, opens.strip(), closes.strip()) for day in range(low, high + 1)]
    return found


class ResourceForm(FlaskForm):
    """Listing and editing an instrument."""

    name = StringField(_l("名称"), validators=[DataRequired(), Length(max=120)])
    model = StringField(_l("型号"), validators=[Length(max=120)])
    category = SelectField(_l("类别"))
    building = StringField(_l("楼栋"), validators=[Length(max=60)])
    place = StringField(_l("位置"), validators=[Length(max=60)])
    description = TextAreaField(_l("说明"), validators=[Length(max=4000)])
    accessories = StringField(_l("附件与耗材"), validators=[Length(max=1000)])
    specifications = TextAreaField(
        _l("技术参数"), description=_l("每行一项，写成“分辨率: 1.0 nm”。"), validators=[Length(max=4000)]
    )
    price = DecimalField(
        _l("每小时价格"), places=2, default=0, validators=[InputRequired(), NumberRange(min=0, max=10**8)]
    )
    billing = SelectField(
        _l("计费方式"),
        choices=[
            SelectChoice("booked", _l("按预约时长")),
            SelectChoice("used", _l("按实际使用")),
            SelectChoice("greater", _l("按预约与使用中较长者")),
            SelectChoice("union", _l("预约与使用时段合并计费")),
        ],
    )
    approval = SelectField(
        _l("确认方式"),
        choices=[SelectChoice("automatic", _l("自动确认")), SelectChoice("owner", _l("所有者审批"))],
    )
    qualification_id = SelectField(_l("操作资质"), coerce=int, default=0)
    opening = TextAreaField(
        _l("开放时间"),
        default="1-5 09:00-17:00",
        description=_l("每行一条，星期用 1–7 表示；结束早于开始即跨夜，24:00 为当日结束。"),
        validators=[DataRequired(), Length(max=2000)],
    )
    step_minutes = IntegerField(_l("时间步长"), default=30, validators=[InputRequired(), MINUTES])
    min_minutes = IntegerField(_l("最短时长"), default=30, validators=[InputRequired(), MINUTES])
    max_minutes = IntegerField(_l("最长时长"), default=480, validators=[InputRequired(), MINUTES])
    buffer_before_minutes = IntegerField(_l("使用前缓冲"), default=0, validators=[InputRequired(), MINUTES])
    buffer_minutes = IntegerField(_l("使用后缓冲"), default=0, validators=[InputRequired(), MINUTES])
    lead_minutes = IntegerField(_l("最少提前"), default=0, validators=[InputRequired(), MINUTES])
    horizon_days = IntegerField(
        _l("最多提前天数"),
        description=_l("空白为不限。"),
        validators=[Optional(), NumberRange(min=1, max=3660)],
    )
    quota_minutes_per_week = IntegerField(
        _l("每家每周额度"),
        description=_l("空白为不限。"),
        validators=[Optional(), NumberRange(min=5, max=10_080)],
    )
    late_cancel_hours = IntegerField(
        _l("免费取消截止（开始前）"), default=24, validators=[InputRequired(), NumberRange(min=0, max=8760)]
    )
    late_cancel_percent = IntegerField(
        _l("逾期取消收费"), default=50, validators=[InputRequired(), NumberRange(min=0, max=100)]
    )
    external_from = DateField(
        _l("对外开放自"), description=_l("此前只供本单位使用；空白为立即。"), validators=[Optional()]
    )
    open_on_holidays = BooleanField(_l("园区节假日也开放"))

    def validate_opening(self, field: Any) -> None:
        self.opening_lines = _lines_of_opening(field.data or "")

    def specification_items(self) -> dict[str, str]:
        found = {}
        for line in (self.specifications.data or "").splitlines():
            key, _sep, value = line.replace("：", ":").partition(":")
            if key.strip():
                found[key.strip()[:60]] = value.strip()[:200]
        return found
