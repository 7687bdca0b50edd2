"""The form by which an owner lists an instrument: five things first, a week of switches, the rest as it usually is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    MultipleFileField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app.hall.text.spans import DAY as DAY_MINUTES
from app.hall.text.spans import HOUR
from app.hall.web.span_field import SpanField
from app.sharing.calendar.rules import DAY, SLOT_MINUTES, OpeningHours
from app.sharing.calendar.week_text import read_week
from app.sharing.catalogue.words import APPROVAL_NAMES, BILLING_NAMES, WEEKDAY_NAMES

LONGEST = 31 * DAY_MINUTES
Row = dict[str, Any]
Span = tuple[dt.time | None, dt.time | None]


class DayForm(Form):
    """One weekday: a switch and up to two spans; an end at or before the start lies on the next day."""

    on = BooleanField()
    opens = TimeField(validators=[Optional()])
    closes = TimeField(validators=[Optional()])
    again_opens = TimeField(validators=[Optional()])
    again_closes = TimeField(validators=[Optional()])

    def spans(self) -> list[Span]:
        again = (self.again_opens.data, self.again_closes.data)
        return [(self.opens.data, self.closes.data), *([again] if any(again) else [])]


class WeekField(FieldList):
    """Seven rows, Monday first, whatever of them a browser sends."""

    def _extract_indices(self, _prefix: str, _formdata: object) -> Iterator[int]:
        yield from range(7)


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _hours(weekday: int, span: Span) -> OpeningHours:
    """A span of one weekday; 00:00 as its end is the end of the day."""
    day = WEEKDAY_NAMES[weekday]
    if span[0] is None or span[1] is None:
        raise ValidationError(_("%(day)s：请填写开始与结束。", day=day))
    opens, closes = _minutes(span[0]), _minutes(span[1])
    if opens == closes and opens:
        raise ValidationError(_("%(day)s：开始与结束不能相同。", day=day))
    if opens % SLOT_MINUTES or closes % SLOT_MINUTES:
        raise ValidationError(_("%(day)s：时间应为 %(num)s 分钟的整数倍。", day=day, num=SLOT_MINUTES))
    return OpeningHours(weekday, opens, closes if closes > opens else closes + DAY)


def _grain(_form: FlaskForm, field: SpanField) -> None:
    if field.data is not None and field.data % SLOT_MINUTES:
        raise ValidationError(_("应为 %(num)s 分钟的整数倍。", num=SLOT_MINUTES))


class ResourceForm(FlaskForm):
    """Listing and editing an instrument."""

    name = StringField(
        _l("名称"), description=_l("像同事那样称呼它。"), validators=[DataRequired(), Length(max=120)]
    )
    category = SelectField(_l("类别"), validators=[DataRequired()])
    where = SelectField(_l("楼栋与房间"), default="")
    place = StringField(
        _l("里面的位置"), description=_l("如房间号、台位；可不填。"), validators=[Length(max=60)]
    )
    price = DecimalField(
        _l("每小时价格"),
        places=2,
        description=_l("免费请填 0。"),
        validators=[InputRequired(), NumberRange(min=0, max=10**8)],
    )
    photos = MultipleFileField(
        _l("照片"), description=_l("第一张就是封面；PNG、JPG 或 WebP，每张不超过 5 MB。")
    )

    week = WeekField(FormField(DayForm), min_entries=7, max_entries=7, label=_l("开放时间"))
    week_line = StringField(
        _l("或写成一句话"),
        description=_l("如“周一至周五 9:00-17:00；周六 10:00-12:00”。填写后以这句话为准。"),
        validators=[Length(max=2000)],
    )

    value = DecimalField(
        _l("仪器原值"),
        places=2,
        description=_l("用来算收益率；空白为未知。"),
        validators=[Optional(), NumberRange(min=1, max=10**11)],
    )
    model = StringField(_l("型号"), validators=[Length(max=120)])
    description = TextAreaField(_l("说明"), validators=[Length(max=4000)])
    accessories = StringField(_l("附件与耗材"), validators=[Length(max=1000)])
    specifications = TextAreaField(
        _l("技术参数"), description=_l("每行一项，写成“分辨率: 1.0 nm”。"), validators=[Length(max=4000)]
    )

    approval = SelectField(
        _l("确认方式"),
        choices=[SelectChoice(k, v) for k, v in APPROVAL_NAMES.items()],
        default="automatic",
    )
    qualification_id = SelectField(_l("操作资质"), coerce=int, default=0)
    billing = SelectField(
        _l("计费方式"),
        choices=[SelectChoice(k, v) for k, v in BILLING_NAMES.items()],
        default="booked",
    )
    external_from = DateField(
        _l("对外开放自"),
        description=_l("此前只有园区企业能看到和预约；空白为立即。"),
        validators=[Optional()],
    )
    open_on_holidays = BooleanField(_l("园区节假日也开放"))

    step_minutes = SpanField(
        _l("时间步长"), low=SLOT_MINUTES, high=DAY_MINUTES, bare=1, default=30, validators=[_grain]
    )
    min_minutes = SpanField(_l("最短时长"), low=SLOT_MINUTES, high=LONGEST, default=30)
    max_minutes = SpanField(_l("最长时长"), low=SLOT_MINUTES, high=LONGEST, default=8 * HOUR)
    buffer_before_minutes = SpanField(
        _l("使用前缓冲"), high=DAY_MINUTES, bare=1, default=0, validators=[_grain]
    )
    buffer_minutes = SpanField(_l("使用后缓冲"), high=DAY_MINUTES, bare=1, default=0, validators=[_grain])
    lead_minutes = SpanField(_l("最少提前"), high=LONGEST, default=0)
    horizon_days = IntegerField(
        _l("最多提前天数"),
        description=_l("空白为不限。"),
        validators=[Optional(), NumberRange(min=1, max=3660)],
    )
    quota_minutes_per_week = SpanField(
        _l("每家每周额度"),
        low=SLOT_MINUTES,
        high=7 * DAY_MINUTES,
        needed=False,
        description=_l("空白为不限。"),
    )
    late_cancel_hours = IntegerField(
        _l("免费取消截止（开始前）"), default=24, validators=[InputRequired(), NumberRange(min=0, max=8760)]
    )
    late_cancel_percent = IntegerField(
        _l("逾期取消收费"), default=50, validators=[InputRequired(), NumberRange(min=0, max=100)]
    )

    def validate_where(self, field: SelectField) -> None:
        if not field.data and len(field.choices or ()) > 1:
            raise ValidationError(_("请选择它在哪栋楼。"))

    def validate_week(self, _field: FieldList) -> None:
        if not (self.week_line.data or "").strip() and not self._rules():
            raise ValidationError(_("请至少打开一天。"))

    def validate_week_line(self, field: StringField) -> None:
        if (field.data or "").strip() and read_week(field.data) is None:
            raise ValidationError(_("没有看懂这句话：请写成“周一至周五 9:00-17:00”的形式。"))

    def _rules(self) -> list[OpeningHours]:
        rows = enumerate(self.week.entries, 1)
        return [_hours(day, span) for day, row in rows if row.form.on.data for span in row.form.spans()]

    def opening_rules(self) -> list[OpeningHours]:
        """The week as it was said: the line where there is one, else the rows."""
        line = (self.week_line.data or "").strip()
        return (read_week(line) or []) if line else self._rules()

    def specification_items(self) -> dict[str, str]:
        found = {}
        for line in (self.specifications.data or "").splitlines():
            key, _sep, value = line.replace("：", ":").partition(":")
            if key.strip():
                found[key.strip()[:60]] = value.strip()[:200]
        return found


def week_rows(rules: Iterable[OpeningHours]) -> tuple[list[Row], bool]:
    """The rows that show these hours, and whether seven rows of two spans can show all of them."""
    of: dict[int, list[OpeningHours]] = {day: [] for day in range(1, 8)}
    for rule in sorted(rules):
        of[rule.weekday].append(rule)
    return [_row(hours) for hours in of.values()], all(len(hours) <= 2 for hours in of.values())


def _row(hours: list[OpeningHours]) -> Row:
    row: Row = {"on": bool(hours)}
    names = (("opens", "closes"), ("again_opens", "again_closes"))
    for rule, (opens, closes) in zip(hours, names, strict=False):
        row[opens] = dt.time(rule.opens // 60, rule.opens % 60)
        row[closes] = dt.time(rule.closes % DAY // 60, rule.closes % 60)
    return row
