"""What the park's calls and forms take."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from pydantic import Field
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from app.credits.claims.words import CAP_PERIODS, EVIDENCE_KINDS, ORIGINS
from app.credits.rewards.fulfilment import MANUAL, kind_names
from app.credits.rewards.words import CATEGORIES, SIZES
from app.hall.api.fields import ApiModel, Day, PageQuery

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Text = Annotated[str, Field(max_length=300)]


class ProposalBody(ApiModel):
    code: Code
    reason: str = Field(min_length=1, max_length=1000)
    valid_from: Day
    valid_to: Day | None = None
    description_zh: Text = ""
    description_en: Text = ""

    def values(self) -> dict[str, object]:
        return self.model_dump(exclude={"code", "reason"})


class RuleBody(ProposalBody):
    """A new earn rule, or the next version of one."""

    title_zh: str = Field(min_length=1, max_length=60)
    title_en: str = Field(min_length=1, max_length=80)
    icon: str = Field("award", pattern=r"^[a-z0-9-]{2,40}$")
    origin: Literal[*ORIGINS] = "claim"  # type: ignore[valid-type]
    evidence_kind: Literal[*EVIDENCE_KINDS]  # type: ignore[valid-type]
    credits: int = Field(ge=1, le=1_000_000)
    lifetime_days: int = Field(730, ge=1, le=3650)
    cap_period: Literal[*CAP_PERIODS] = "none"  # type: ignore[valid-type]
    cap_credits: int | None = Field(None, ge=1, le=10_000_000)
    cap_claims: int | None = Field(None, ge=1, le=100_000)


class FulfilmentParams(ApiModel):
    hours: Annotated[int | None, Field(ge=1, le=10_000)] = None
    partner: Annotated[str | None, Field(max_length=40)] = None
    months: Annotated[int | None, Field(ge=1, le=36)] = None
    days: Annotated[int | None, Field(ge=1, le=1000)] = None
    place: Annotated[str | None, Field(max_length=60)] = None
    policy: Annotated[str | None, Field(max_length=64)] = None


class RewardBody(ProposalBody):
    """A new reward, or all of an old one as it should be from now on."""

    name_zh: str = Field(min_length=1, max_length=60)
    name_en: str = Field(min_length=1, max_length=80)
    category: Literal[*CATEGORIES]  # type: ignore[valid-type]
    icon: str = Field("gift", pattern=r"^[a-z0-9-]{2,40}$")
    picture: str | None = Field(
        None,
        pattern=r"^[0-9a-f]{64}$",
        description="What POST /credits/reward-pictures answered; none: the icon",
    )
    picture_zh: Annotated[str, Field(max_length=120, description="What is to be seen on it")] = ""
    picture_en: Annotated[str, Field(max_length=120)] = ""
    cost_credits: int = Field(ge=1, le=10_000_000)
    stock: int | None = Field(None, ge=0, le=1_000_000)
    limit_per_enterprise: int | None = Field(None, ge=1, le=10_000)
    eligible_sizes: list[Literal[*SIZES]] = Field(default_factory=list, max_length=10)  # type: ignore[valid-type]
    eligible_industries: list[Annotated[str, Field(min_length=1, max_length=60)]] = Field(
        default_factory=list, max_length=30
    )
    fulfilment: str = Field(
        MANUAL, pattern=r"^[a-z_]{1,40}$", description="A kind of reward that a room declares"
    )
    fulfilment_params: FulfilmentParams = FulfilmentParams()

    def values(self) -> dict[str, object]:
        values = super().values()
        values["fulfilment_params"] = self.fulfilment_params.model_dump(exclude_none=True)
        return values


class AdjustmentBody(ApiModel):
    enterprise: str = Field(min_length=1, max_length=40)
    credits: int = Field(ge=-1_000_000, le=1_000_000)
    lifetime_days: int = Field(365, ge=1, le=3650)
    reason: str = Field(min_length=1, max_length=500)


class ProposalQuery(PageQuery):
    state: str = Field("", pattern="^(|proposed|approved|rejected)$")
    kind: str = Field("", pattern="^(|earn_rule|reward|adjustment)$")


def _options(names: dict[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(key, label) for key, label in names.items()]


ICON = [InputRequired(_l("请填写图标名称。")), Regexp(r"^[a-z0-9-]{2,40}$")]
CODE = Regexp(r"^[a-z][a-z0-9_]{2,39}$", message=_l("请用小写字母、数字和下划线，以字母开头，3–40 位。"))


class RuleForm(FlaskForm):
    """A new rule or the next version of one."""

    code = StringField(_l("代码"), [InputRequired(_l("请填写代码。")), CODE])
    title_zh = StringField(_l("中文名称"), [InputRequired(_l("请填写名称。")), Length(max=60)])
    title_en = StringField(_l("英文名称"), [InputRequired(_l("请填写名称。")), Length(max=80)])
    description_zh = StringField(_l("中文说明"), [Length(max=300)])
    description_en = StringField(_l("英文说明"), [Length(max=300)])
    icon = StringField(_l("图标名称"), ICON, default="award")
    origin = SelectField(_l("来源"), choices=_options(ORIGINS))
    evidence_kind = SelectField(_l("证明类型"), choices=_options(EVIDENCE_KINDS))
    credits = IntegerField(_l("每项积分"), [InputRequired(_l("请填写积分。")), NumberRange(1, 1_000_000)])
    lifetime_days = IntegerField(
        _l("积分有效天数"), [InputRequired(_l("请填写天数。")), NumberRange(1, 3650)], default=730
    )
    valid_from = DateField(_l("自该日起发生的事项适用"), [InputRequired(_l("请填写日期。"))])
    valid_to = DateField(_l("至（选填）"), [Optional()])
    cap_period = SelectField(_l("上限周期"), choices=_options(CAP_PERIODS))
    cap_credits = IntegerField(_l("周期积分上限（选填）"), [Optional(), NumberRange(1, 10_000_000)])
    cap_claims = IntegerField(_l("周期次数上限（选填）"), [Optional(), NumberRange(1, 100_000)])
    reason = TextAreaField(_l("提案理由"), [InputRequired(_l("请填写理由。")), Length(max=1000)])


def _as_words(value: Any) -> Any:
    """A stored list as people type it."""
    return ", ".join(value) if isinstance(value, list) else value


class RewardForm(FlaskForm):
    """A new reward or a change of one."""

    code = StringField(_l("代码"), [InputRequired(_l("请填写代码。")), CODE])
    name_zh = StringField(_l("中文名称"), [InputRequired(_l("请填写名称。")), Length(max=60)])
    name_en = StringField(_l("英文名称"), [InputRequired(_l("请填写名称。")), Length(max=80)])
    description_zh = StringField(_l("中文说明"), [Length(max=300)])
    description_en = StringField(_l("英文说明"), [Length(max=300)])
    category = SelectField(_l("分类"), choices=_options(CATEGORIES))
    icon = StringField(_l("图标名称"), ICON, default="gift")
    upload = FileField(_l("图片（PNG、JPG、WebP，不超过 3 MB）"))
    picture = HiddenField(validators=[Length(max=64)])
    drop_picture = BooleanField(_l("移除图片，改用图标"))
    picture_zh = StringField(_l("图片内容（中文，供读屏使用）"), [Length(max=120)])
    picture_en = StringField(_l("图片内容（英文）"), [Length(max=120)])
    cost_credits = IntegerField(
        _l("所需积分"), [InputRequired(_l("请填写积分。")), NumberRange(1, 10_000_000)]
    )
    stock = IntegerField(_l("库存总量（空为不限）"), [Optional(), NumberRange(0, 1_000_000)])
    limit_per_enterprise = IntegerField(_l("每家限兑（空为不限）"), [Optional(), NumberRange(1, 10_000)])
    eligible_sizes = SelectMultipleField(
        _l("适用规模（不选为不限）"),
        choices=_options(SIZES),
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    eligible_industries = StringField(
        _l("适用行业（用逗号分隔，空为不限）"), [Length(max=300)], filters=[_as_words]
    )
    valid_from = DateField(_l("生效日期"), [InputRequired(_l("请填写日期。"))])
    valid_to = DateField(_l("失效日期（选填）"), [Optional()])
    fulfilment = SelectField(_l("兑现方式"), choices=lambda: _options(kind_names()))
    hours = IntegerField(_l("小时数（机时券、专家支持）"), [Optional(), NumberRange(1, 10_000)])
    months = IntegerField(_l("场地使用月数"), [Optional(), NumberRange(1, 36)])
    days = IntegerField(_l("场地使用天数"), [Optional(), NumberRange(1, 1000)])
    place = StringField(_l("场地名称（自动编号，如 孵化楼 01）"), [Optional(), Length(max=60)])
    policy = StringField(_l("政策编号（政策资格）"), [Optional(), Length(max=64)])
    counterpart = StringField(_l("对接机构编号（高校对接）"), [Optional(), Length(max=40)])
    reason = TextAreaField(_l("提案理由"), [InputRequired(_l("请填写理由。")), Length(max=1000)])


class AdjustmentForm(FlaskForm):
    enterprise = StringField(_l("企业编号"), [InputRequired(_l("请填写企业编号。")), Length(max=40)])
    credits = IntegerField(
        _l("积分（正数增加，负数扣减）"),
        [InputRequired(_l("请填写积分。")), NumberRange(-1_000_000, 1_000_000)],
    )
    lifetime_days = IntegerField(_l("增加部分的有效天数"), [NumberRange(1, 3650)], default=365)
    reason = TextAreaField(
        _l("理由（将显示在对账单上）"), [InputRequired(_l("请填写理由。")), Length(max=500)]
    )
