"""Forms of the credits room; what they let through the service judges once more."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
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

from app.credits.messages import CAP_PERIODS, CATEGORIES, EVIDENCE_KINDS, FULFILMENTS, ORIGINS, SIZES


def _options(names: dict[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(key, label) for key, label in names.items()]


ICON = [InputRequired(_l("请填写图标名称。")), Regexp(r"^[a-z0-9-]{2,40}$")]
CODE = Regexp(r"^[a-z][a-z0-9_]{2,39}$", message=_l("请用小写字母、数字和下划线，以字母开头，3–40 位。"))


class ClaimForm(FlaskForm):
    """One number that proves the deed, and scans beside it."""

    occurred_on = DateField(_l("发生日期"), [InputRequired(_l("请填写日期。"))])
    number = StringField(_l("证明编号"), [InputRequired(_l("请填写证明编号。")), Length(max=200)])
    url = StringField(_l("公开网址（选填）"), [Optional(), Length(max=200)])
    note = TextAreaField(_l("情况说明（选填）"), [Length(max=2000)])
    files = MultipleFileField(_l("扫描件（PDF、PNG、JPG，每个不超过 8 MB）"))


class ReasonForm(FlaskForm):
    reason = TextAreaField(_l("理由"), [Length(max=1000)])


class RedeemForm(FlaskForm):
    quantity = IntegerField(_l("数量"), [InputRequired(_l("请填写数量。")), NumberRange(1, 1000)], default=1)
    note = TextAreaField(_l("用途说明（选填）"), [Length(max=1000)])
    key = HiddenField(validators=[Length(max=64)])


class FulfilForm(FlaskForm):
    starts_on = DateField(_l("启用日期（空为今天）"), [Optional()])
    reference = StringField(_l("兑现凭据（如房号、券号）"), [Length(max=200)])


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
    fulfilment = SelectField(_l("兑现方式"), choices=_options(FULFILMENTS))
    hours = IntegerField(_l("小时数（机时券、专家支持）"), [Optional(), NumberRange(1, 10_000)])
    months = IntegerField(_l("场地使用月数"), [Optional(), NumberRange(1, 36)])
    days = IntegerField(_l("场地使用天数"), [Optional(), NumberRange(1, 1000)])
    place = StringField(_l("场地名称（自动编号，如 孵化楼 01）"), [Optional(), Length(max=60)])
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


class MonthForm(FlaskForm):
    month = StringField(_l("月份"), [InputRequired(_l("请填写月份。")), Regexp(r"^\d{4}-\d{2}$")])
    reason = StringField(_l("说明（选填）"), [Length(max=300)])
