"""What is typed or sent about needs and offers."""

from __future__ import annotations

from typing import Literal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional

from app.ecosystem.market.words import VISIBILITIES
from app.ecosystem.schemas import REQUIRED, Tag, choices
from app.hall.api.fields import ApiModel, Day, PageQuery


class PostBody(ApiModel):
    """What both a need and an offer say."""

    title: str = Field(min_length=4, max_length=80)
    description: str = Field("", max_length=4000)
    product: str = Field("", max_length=200)
    tags: list[Tag] = Field(default_factory=list, max_length=8)
    segment: str | None = Field(None, max_length=60)
    quantity: int | None = Field(None, ge=1, le=10**9)
    unit: str = Field("", max_length=20)
    deadline: Day | None = None
    visibility: Literal["park", "matched", "public"] = "park"
    budget_fen: int | None = Field(None, ge=0, le=10**14)
    matching: bool = True
    draft: bool = False


class NeedBody(PostBody):
    """A need; `visibility` public means the same as park: nobody's identity is public here."""


class OfferBody(PostBody):
    price_fen: int | None = Field(None, ge=0, le=10**14)


class PostQuery(PageQuery):
    q: str = Field("", max_length=100)
    tag: str = Field("", max_length=30)
    segment: str = Field("", max_length=60)
    mine: bool = False


class ReturnBody(ApiModel):
    note: str = Field(min_length=1, max_length=500)


class PostForm(FlaskForm):
    """A need or an offer."""

    title = StringField(_l("标题"), [REQUIRED, Length(4, 80)])
    description = TextAreaField(_l("说明"), [Optional(), Length(max=4000)])
    product = StringField(_l("产品或服务"), [Optional(), Length(max=200)])
    tags = StringField(_l("标签"), [Optional(), Length(max=200)])
    segment = SelectField(_l("产业链环节"), [Optional()])
    amount_yuan = DecimalField(_l("预算或报价"), [Optional(), NumberRange(0, 10_000_000_000)], places=2)
    quantity = IntegerField(_l("数量"), [Optional(), NumberRange(1, 1_000_000_000)])
    unit = StringField(_l("计量单位"), [Optional(), Length(max=20)])
    deadline = DateField(_l("截止日期"), [Optional()])
    visibility = RadioField(_l("谁能看到"), choices=choices(VISIBILITIES.items()), default="park")
    matching = BooleanField(_l("参与智能撮合（系统向双方提出建议，双方同意前互不透露身份）"), default=True)


class ReviewForm(FlaskForm):
    """Why a post goes back to its writer."""

    note = TextAreaField(_l("退回意见"), [REQUIRED, Length(max=500)])
