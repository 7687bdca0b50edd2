"""What people send to book, move and wait: forms and bodies, every field bounded."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field, field_validator
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.hall import clock
from app.hall.api.fields import ApiModel, AwareMoment, Day, PageQuery
from app.sharing.calendar.park_time import park_moment
from app.sharing.fields import Id, Text500


class BookingPath(ApiModel):
    booking_id: Id


class EntryPath(ApiModel):
    entry_id: Id


class BookingBody(ApiModel):
    resource: Id
    start: AwareMoment
    end: AwareMoment
    purpose: Text500 = ""
    use_credits: bool = False


class MoveBody(ApiModel):
    start: AwareMoment
    end: AwareMoment | None = None
    resource: Id | None = None


class BookingQuery(PageQuery):
    state: str = Field("", max_length=20)
    resource: Id | None = None
    scope: Literal["mine", "owner"] = "mine"


class SeriesBody(BookingBody):
    """`weeks` weeks, or so many dates where the rhythm is daily or on working days."""

    weeks: int = Field(ge=2, le=104)
    every: int = Field(1, ge=1, le=8)
    partly: bool = False
    rhythm: Literal["weekly", "daily", "workdays"] = "weekly"
    weekdays: list[Annotated[int, Field(ge=1, le=7)]] = Field(default_factory=list, max_length=7)


class SeriesPath(ApiModel):
    series_id: Id


class SeriesCancelBody(ApiModel):
    """Every date from that day on."""

    from_: Day = Field(alias="from")
    reason: Text500 = ""


class SeriesMoveBody(ApiModel):
    """Every date from that day on begins at `time`, `days` later."""

    from_: Day = Field(alias="from")
    time: dt.time
    days: int = Field(0, ge=-366, le=366)


class ExtendBody(ApiModel):
    end: AwareMoment


class WaitBody(ApiModel):
    resource: Id
    start: AwareMoment
    end: AwareMoment
    minutes: int | None = Field(None, ge=5, le=44_640)
    purpose: Text500 = ""

    @field_validator("minutes")
    @classmethod
    def on_grain(cls, value: int | None) -> int | None:
        if value is not None and value % 5:
            raise ValueError("a multiple of 5 is expected")
        return value


class BookingForm(FlaskForm):
    resource = SelectField(_l("仪器"), coerce=int)
    day = DateField(_l("日期"), validators=[InputRequired()])
    start = TimeField(_l("开始"), validators=[InputRequired()])
    end_day = DateField(_l("结束日期"), validators=[Optional()])
    end = TimeField(_l("结束"), validators=[InputRequired()])
    purpose = StringField(_l("用途"), validators=[Length(max=500)])
    use_credits = BooleanField(_l("用创新积分抵扣"))

    def span(self) -> tuple[dt.datetime, dt.datetime]:
        """Without a day of its own an end before the start is on the next day, and 00:00 at the end of the day."""
        start = park_moment(self.day.data, self.start.data)
        if self.end_day.data is not None:
            return start, park_moment(self.end_day.data, self.end.data)
        end = park_moment(self.day.data, self.end.data)
        return start, end if end > start else end + dt.timedelta(days=1)


def moved_end(start: dt.datetime, time: dt.time, length: dt.timedelta) -> dt.datetime:
    """Of all moments after the start at which the clock shows that time, the one nearest to the old length.

    >>> nine = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)  # nine o'clock in the park
    >>> moved_end(nine, dt.time(17), dt.timedelta(hours=56)) - nine == dt.timedelta(hours=56)
    True
    """
    first = park_moment(clock.day_of(start), time)
    if first <= start:
        first += dt.timedelta(days=1)
    days = max(0, round((start + length - first) / dt.timedelta(days=1)))
    return first + dt.timedelta(days=days)


WEEKDAYS = [
    SelectChoice(1, _l("周一")),
    SelectChoice(2, _l("周二")),
    SelectChoice(3, _l("周三")),
    SelectChoice(4, _l("周四")),
    SelectChoice(5, _l("周五")),
    SelectChoice(6, _l("周六")),
    SelectChoice(7, _l("周日")),
]


class SeriesForm(BookingForm):
    rhythm = SelectField(
        _l("重复方式"),
        choices=[
            SelectChoice("weekly", _l("每周")),
            SelectChoice("daily", _l("每天")),
            SelectChoice("workdays", _l("每个工作日")),
        ],
        default="weekly",
    )
    weekdays = SelectMultipleField(
        _l("每周的哪几天"),
        choices=WEEKDAYS,
        coerce=int,
        validators=[Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    every = IntegerField(_l("每隔"), validators=[InputRequired(), NumberRange(min=1, max=8)], default=1)
    weeks = IntegerField(_l("持续"), validators=[InputRequired(), NumberRange(min=2, max=104)], default=8)
    partly = BooleanField(_l("有冲突的日期跳过，其余照常预约"))


class SeriesCancelForm(FlaskForm):
    since = DateField(_l("从这一天起"), validators=[InputRequired()])
    reason = StringField(_l("理由"), validators=[Length(max=500)])


class SeriesMoveForm(FlaskForm):
    since = DateField(_l("从这一天起"), validators=[InputRequired()])
    time = TimeField(_l("改为几点开始"), validators=[InputRequired()])
    shift = IntegerField(
        _l("同时推后"), validators=[InputRequired(), NumberRange(min=-366, max=366)], default=0
    )


class MoveForm(FlaskForm):
    day = DateField(_l("日期"), validators=[InputRequired()])
    start = TimeField(_l("开始"), validators=[InputRequired()])
    end_day = DateField(_l("结束日期"), validators=[Optional()])
    end = TimeField(_l("结束"), validators=[Optional()])
    keep_length = HiddenField()

    def span(self, old_start: dt.datetime, old_end: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
        """The new time of a booking from `old_start` to `old_end`: another day alone keeps its length where asked."""
        start = park_moment(self.day.data, self.start.data)
        if self.end.data is None:
            return start, start + (old_end - old_start)
        if self.end_day.data is None:
            return start, moved_end(start, self.end.data, old_end - old_start)
        end = park_moment(self.end_day.data, self.end.data)
        if self.keep_length.data and end == old_end and self.day.data != clock.day_of(old_start):
            return start, start + (old_end - old_start)
        return start, end


class WaitForm(FlaskForm):
    resource = HiddenField()
    start = DateTimeLocalField(_l("最早开始"), validators=[InputRequired()])
    end = DateTimeLocalField(_l("最晚结束"), validators=[InputRequired()])
    minutes = IntegerField(_l("需要的时长"), validators=[InputRequired(), NumberRange(min=5, max=44_640)])
    purpose = StringField(_l("用途"), validators=[Length(max=500)])
