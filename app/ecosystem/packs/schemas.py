"""What is typed or sent about service packs."""

from __future__ import annotations

from typing import Literal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, Regexp, ValidationError

from app.ecosystem.packs.rules import BASIC, MOST_DAYS, RECRUITING, read_lines
from app.ecosystem.schemas import REQUIRED, Tag
from app.hall.api.fields import ApiModel, Day
from app.hall.text import language


class PackBody(ApiModel):
    name: str = Field(min_length=1, max_length=80)
    industry: str = Field("", max_length=40)
    segment: str | None = Field(None, max_length=60)
    greeting: str = Field("", max_length=1000)
    expires_on: Day | None = None
    enterprise: str = Field("", max_length=20)


class LineBody(ApiModel):
    kind: Literal["basic", "recruiting"]
    zh: str = Field(min_length=1, max_length=120)
    en: str = Field("", max_length=120)
    due_days: int | None = Field(None, ge=0, le=MOST_DAYS)


class IndustryPackBody(ApiModel):
    """What firms of an industry usually need first."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    name_zh: str = Field(min_length=1, max_length=40)
    name_en: str = Field("", max_length=60)
    resource_words: list[Tag] = Field(default_factory=list, max_length=30)
    offer_tags: list[Tag] = Field(default_factory=list, max_length=30)
    lines: list[LineBody] = Field(default_factory=list, max_length=60)


class PackForm(FlaskForm):
    """A service pack for a prospect."""

    name = StringField(_l("企业名称"), [REQUIRED, Length(2, 80)])
    prospect_id = SelectField(_l("招商线索"), coerce=int)
    enterprise = StringField(_l("已入园企业的编号"), [Optional(), Length(max=20)])
    industry = SelectField(_l("行业"))
    segment = SelectField(_l("产业链环节"), [Optional()])
    greeting = TextAreaField(_l("欢迎语"), [Optional(), Length(max=500)])
    expires_on = DateField(_l("链接有效期至"), [Optional()])


class IndustryPackForm(FlaskForm):
    """An industry pack: who it is for, what to look for in the catalogue and the market, and lines to tell."""

    code = StringField(
        _l("行业代码"),
        [REQUIRED, Regexp(r"^[a-z][a-z0-9_]{0,39}$", message=_l("小写字母、数字和下划线，以字母开头。"))],
    )
    name_zh = StringField(_l("中文名称"), [REQUIRED, Length(1, 40)])
    name_en = StringField(_l("英文名称"), [Optional(), Length(max=60)])
    resource_words = TextAreaField(_l("资源目录中要找的词"), [Optional(), Length(max=500)])
    offer_tags = TextAreaField(_l("供应中要找的标签"), [Optional(), Length(max=500)])
    basics = TextAreaField(
        _l("开办事项"),
        [Optional(), Length(max=6000)],
        description=_l("每行一项：中文 | English | 落地后几天内办好（可不填）"),
    )
    channels = TextAreaField(
        _l("招聘渠道"), [Optional(), Length(max=6000)], description=_l("每行一项：中文 | English")
    )

    def validate_basics(self, field: TextAreaField) -> None:
        _check_lines(BASIC, field)

    def validate_channels(self, field: TextAreaField) -> None:
        _check_lines(RECRUITING, field)


def _check_lines(kind: str, field: TextAreaField) -> None:
    """Say at the field all that is wrong with its lines."""
    _lines, wrong = read_lines(kind, field.data or "")
    if wrong:
        raise ValidationError(" ".join(language.message(one.code, one.params) for one in wrong))
