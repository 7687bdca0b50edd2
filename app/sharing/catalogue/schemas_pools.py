"""What owners say of a patent or an expert: forms and bodies."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.hall.api.fields import ApiModel, Day
from app.sharing.catalogue.service import NewPatent, NewTalent
from app.sharing.catalogue.words import BASIS_NAMES
from app.sharing.fields import Fen


class PatentBody(ApiModel):
    number: str = Field(min_length=1, max_length=60)
    fee_fen: Fen = 0
    fee_basis: Literal["once", "yearly", "per_unit", "share"] = "yearly"
    expires_on: Day | None = None
    exclusive: bool = False


class TalentBody(ApiModel):
    person_name: str = Field(min_length=1, max_length=60)
    contact: str = Field("", max_length=200)
    skills: list[Annotated[str, Field(max_length=60)]] = Field(default_factory=list, max_length=30)
    years: int = Field(0, ge=0, le=80)
    days_per_month: int = Field(0, ge=0, le=31)
    fee_fen_per_day: Fen = 0


MONEY = NumberRange(min=0, max=10**8)


class PatentForm(FlaskForm):
    name = StringField(_l("名称"), validators=[DataRequired(), Length(max=120)])
    number = StringField(_l("专利号"), validators=[DataRequired(), Length(max=60)])
    category = StringField(_l("技术领域"), validators=[Length(max=60)])
    fee = DecimalField(
        _l("许可费"), places=2, description=_l("免费请填 0。"), validators=[InputRequired(), MONEY]
    )
    basis = SelectField(
        _l("计费基础"), choices=[SelectChoice(k, v) for k, v in BASIS_NAMES.items()], default="yearly"
    )
    expires = DateField(_l("专利有效至"), validators=[Optional()])
    exclusive = BooleanField(_l("独家许可"))
    description = TextAreaField(_l("说明"), validators=[Length(max=4000)])

    def patent(self) -> NewPatent:
        return NewPatent(
            self.number.data or "",
            int((self.fee.data or Decimal(0)) * 100),
            self.basis.data,
            self.expires.data,
            bool(self.exclusive.data),
        )


class TalentForm(FlaskForm):
    name = StringField(
        _l("岗位"),
        description=_l("所有人可见，例如“正极材料专家”；不要写姓名。"),
        validators=[DataRequired(), Length(max=120)],
    )
    category = StringField(_l("领域"), validators=[Length(max=60)])
    skills = StringField(_l("专长"), description=_l("用顿号或逗号分开。"), validators=[Length(max=600)])
    years = IntegerField(_l("从业年限"), default=0, validators=[InputRequired(), NumberRange(min=0, max=80)])
    days = IntegerField(
        _l("每月可用天数"), default=4, validators=[InputRequired(), NumberRange(min=0, max=31)]
    )
    fee = DecimalField(
        _l("每天费用"), places=2, description=_l("免费请填 0。"), validators=[InputRequired(), MONEY]
    )
    description = TextAreaField(_l("说明"), validators=[Length(max=4000)])
    person = StringField(
        _l("姓名"),
        description=_l("任何页面都不显示；本人同意之后才告知申请方。"),
        validators=[Length(max=60)],
    )
    contact = StringField(_l("联系方式"), validators=[Length(max=200)])

    def talent(self) -> NewTalent:
        words = (word.strip()[:60] for word in re.split(r"[,，、;；]", self.skills.data or ""))
        return NewTalent(
            (self.person.data or "").strip(),
            self.contact.data or "",
            tuple(dict.fromkeys(word for word in words if word))[:30],
            self.years.data or 0,
            self.days.data or 0,
            int((self.fee.data or Decimal(0)) * 100),
        )
