"""Forms of flexible wishes and planning rounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    DecimalField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.hall import clock
from app.hall.api.fields import ApiModel, AwareMoment, PageQuery
from app.sharing.calendar.park_time import aware, park_moment
from app.sharing.fields import Id
from app.sharing.planning.words import PRIORITY_NAMES

MOST_DAYS = 20


class WishForm(FlaskForm):
    """Each day from `day` to `until`, between two times of the day."""

    resources = SelectMultipleField(_l("可用的仪器"), coerce=int, validators=[DataRequired()])
    hours = DecimalField(
        _l("所需时长"), validators=[InputRequired(), NumberRange(min=0.25, max=240)], default=2
    )
    day = DateField(_l("最早日期"), validators=[InputRequired()])
    until = DateField(_l("最晚日期"), validators=[InputRequired()])
    earliest = TimeField(_l("每天不早于"), validators=[InputRequired()], default=dt.time(9))
    latest = TimeField(_l("每天不晚于"), validators=[InputRequired()], default=dt.time(18))
    preferred = DateTimeLocalField(_l("最希望的开始时间（可不填）"), validators=[Optional()])
    priority = SelectField(_l("优先级"), coerce=int, default=3)
    purpose = StringField(_l("用途"), validators=[Length(max=500)])

    def offer(self, resources: Sequence[Any]) -> None:
        self.resources.choices = [
            SelectChoice(r.id, f"{r.name} · {r.building}".rstrip(" ·")) for r in resources
        ]
        self.priority.choices = [SelectChoice(level, str(name)) for level, name in PRIORITY_NAMES.items()]

    def windows(self) -> list[tuple[dt.datetime, dt.datetime]]:
        days = (self.until.data - self.day.data).days + 1
        found = []
        for n in range(max(0, min(MOST_DAYS + 1, days))):
            day = self.day.data + dt.timedelta(days=n)
            start, end = park_moment(day, self.earliest.data), park_moment(day, self.latest.data)
            found.append((start, end if end > start else end + dt.timedelta(days=1)))
        now = clock.now()
        return [window for window in found if window[1] > now]

    def minutes(self) -> int:
        return round(float(self.hours.data) * 60)

    def preferred_at(self) -> dt.datetime | None:
        return aware(self.preferred.data) if self.preferred.data else None


class RoundForm(FlaskForm):
    day = DateField(_l("从"), validators=[InputRequired()])
    until = DateField(_l("到（含）"), validators=[InputRequired()])
    seconds = IntegerField(
        _l("计算时间"), validators=[InputRequired(), NumberRange(min=1, max=120)], default=20
    )
    fair = BooleanField(_l("按公平份额折算：申请总量超过平均份额的单位，每份申请的权重相应降低"))
    cap_hours = IntegerField(
        _l("每家单位上限（可不填）"), validators=[Optional(), NumberRange(min=1, max=672)]
    )


class PlaceForm(FlaskForm):
    unit = StringField(_l("仪器"), validators=[InputRequired(), Length(max=18)])
    start = DateTimeLocalField(_l("开始"), validators=[InputRequired()])

    def moment(self) -> dt.datetime:
        return aware(self.start.data)


class Window(ApiModel):
    start: AwareMoment
    end: AwareMoment


class SlotRequestBody(ApiModel):
    resources: list[Id] = Field(min_length=1, max_length=50)
    windows: list[Window] = Field(min_length=1, max_length=20)
    duration_minutes: int = Field(ge=5, le=44_640)
    preferred_start: AwareMoment | None = None
    priority: int = Field(3, ge=1, le=5)
    purpose: str = Field("", max_length=500)


class ScheduleRunBody(ApiModel):
    """Owners plan their own resources, the park's administrator all of them."""

    from_: AwareMoment = Field(alias="from")
    to: AwareMoment
    seconds: int = Field(20, ge=1, le=120)
    max_minutes_per_enterprise: int | None = Field(None, ge=5, le=40_320)
    fair_ratio: float = Field(0.0, ge=0, le=1)


class PlaceBody(ApiModel):
    request: Id
    unit: Id
    start: AwareMoment


class WishPath(ApiModel):
    request_id: Id


class RunPath(ApiModel):
    run_id: Id


class RequestQuery(PageQuery):
    state: Annotated[str, Field(pattern="^(open|placed|withdrawn)?$")] = ""
