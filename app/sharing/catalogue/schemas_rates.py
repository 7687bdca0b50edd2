"""Special prices, special days and units: forms and bodies."""

from __future__ import annotations

from typing import Annotated, Literal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import (
    DecimalField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.hall.api.fields import ApiModel, Day
from app.sharing.calendar.rules import DAY
from app.sharing.catalogue.service import NewRate
from app.sharing.catalogue.words import GROUP_NAMES, WEEKDAY_NAMES
from app.sharing.fields import Fen, Id


class Hours(ApiModel):
    from_: str = Field(alias="from", max_length=5)
    to: str = Field(max_length=5)


class ExceptionBody(ApiModel):
    """Other hours on one day; no hours at all: closed."""

    day: Day
    hours: list[Hours] = Field(default_factory=list, max_length=10)
    reason: str = Field("", max_length=200)


class RateBody(ApiModel):
    """Without a group for everybody, without weekdays every day."""

    price_fen_per_hour: Fen
    group: Literal["university", "small", "enterprise"] | None = None
    weekdays: list[Annotated[int, Field(ge=1, le=7)]] = Field(default_factory=list, max_length=7)
    from_minute: int = Field(0, ge=0, le=DAY - 1)
    to_minute: int = Field(DAY, ge=1, le=DAY)


class UnitBody(ApiModel):
    label: str = Field(min_length=1, max_length=60)


class UnitActiveBody(ApiModel):
    active: bool


class ExceptionPath(ApiModel):
    exception_id: Id


class RatePath(ApiModel):
    rate_id: Id


class UnitPath(ApiModel):
    unit_id: Id


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
