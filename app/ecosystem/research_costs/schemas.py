"""What a firm types or sends about its research costs; amounts in yuan."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import BooleanField, DecimalField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.ecosystem.research_costs.rules import FIRST_YEAR, LARGEST_FEN, Said
from app.hall.api.fields import ApiModel

MONEY = NumberRange(min=0, max=LARGEST_FEN // 100)


class ResearchCostBody(ApiModel):
    """Amounts in fen; what is left out is not said, which is not zero."""

    year: int = Field(ge=FIRST_YEAR, le=2199)
    base_year: int = Field(ge=FIRST_YEAR, le=2199)
    base_fen: int = Field(ge=0, le=LARGEST_FEN)
    actual_fen: int = Field(ge=0, le=LARGEST_FEN)
    sharing_fen: int | None = Field(None, ge=0, le=LARGEST_FEN)
    licences_fen: int | None = Field(None, ge=0, le=LARGEST_FEN)
    credits_fen: int | None = Field(None, ge=0, le=LARGEST_FEN)
    shown: bool = False
    note: str = Field("", max_length=500)


def _fen(value: Decimal | None) -> int | None:
    return None if value is None else round(value * 100)


class ResearchCostForm(FlaskForm):
    """One year of one firm."""

    year = IntegerField(_l("年份"), validators=[InputRequired(), NumberRange(min=FIRST_YEAR, max=2199)])
    actual = DecimalField(_l("当年研发费用"), places=None, validators=[InputRequired(), MONEY])
    base_year = IntegerField(
        _l("基准年"),
        description=_l("入园或开始共享之前的一年。"),
        validators=[InputRequired(), NumberRange(min=FIRST_YEAR, max=2199)],
    )
    base = DecimalField(_l("基准年研发费用"), places=None, validators=[InputRequired(), MONEY])
    sharing = DecimalField(
        _l("共享设备省下"),
        places=None,
        description=_l("不共享则要自购或送外检测的费用，减去已付的使用费；不清楚请留空。"),
        validators=[Optional(), MONEY],
    )
    licences = DecimalField(
        _l("专利许可省下"),
        places=None,
        description=_l("自行开发的费用，减去已付的许可费；不清楚请留空。"),
        validators=[Optional(), MONEY],
    )
    credits = DecimalField(
        _l("积分抵扣省下"),
        places=None,
        description=_l("用积分和兑换券抵掉的金额；不清楚请留空。"),
        validators=[Optional(), MONEY],
    )
    note = StringField(_l("说明"), validators=[Length(max=500)])
    shown = BooleanField(_l("园区可以看到本企业这一年的数字（不勾选则只计入平均）"))

    def said(self) -> Said:
        return Said(
            self.base_year.data,
            _fen(self.base.data) or 0,
            _fen(self.actual.data) or 0,
            _fen(self.sharing.data),
            _fen(self.licences.data),
            _fen(self.credits.data),
        )
