"""What members type in: needs and offers, notes, outcomes, meetings."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    DecimalField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.ecosystem.messages import INDUSTRIES, VISIBILITIES


def choices(pairs: Iterable[tuple[object, object]]) -> list[SelectChoice]:
    """Return (value, label) pairs as the options of a select."""
    return [SelectChoice(value, label) for value, label in pairs]


REQUIRED = InputRequired(_l("请填写此项。"))


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


class DeclineForm(FlaskForm):
    """Why not; stays with the park."""

    reason = TextAreaField(_l("原因（可不填，仅园区人员可见）"), [Optional(), Length(max=500)])


class NoteForm(FlaskForm):
    """A line of the timeline."""

    text = TextAreaField(_l("记录"), [REQUIRED, Length(max=2000)])


class NextForm(FlaskForm):
    """What comes next."""

    step = StringField(_l("下一步"), [REQUIRED, Length(max=200)])
    due_on = DateField(_l("期限"), [REQUIRED])
    owner_id = SelectField(_l("由谁负责"), coerce=int)


class AppointmentForm(FlaskForm):
    """A meeting of both sides."""

    starts_at = DateTimeLocalField(_l("开始"), [REQUIRED])
    ends_at = DateTimeLocalField(_l("结束"), [REQUIRED])
    place = StringField(_l("地点"), [Optional(), Length(max=200)])


class FileForm(FlaskForm):
    """A file for the other side."""

    file = FileField(_l("文件（不超过 5 MB）"), [REQUIRED])


class OutcomeForm(FlaskForm):
    """What came of it."""

    metric = StringField(_l("指标"), [REQUIRED, Length(max=60)])
    baseline = DecimalField(_l("基线"), [InputRequired(_l("请填写此项。"))], places=None)
    actual = DecimalField(_l("实际"), [InputRequired(_l("请填写此项。"))], places=None)
    unit = StringField(_l("计量单位"), [REQUIRED, Length(max=20)])
    period = StringField(_l("期间"), [REQUIRED, Length(max=40)])
    beneficiary_id = SelectField(_l("谁得到了这项成效（由其确认）"), coerce=int)


class ContestForm(FlaskForm):
    """What is wrong with an outcome."""

    reason = TextAreaField(_l("异议理由"), [REQUIRED, Length(max=500)])


class ResolutionForm(FlaskForm):
    """What was decided."""

    text = TextAreaField(_l("决议内容"), [REQUIRED, Length(max=500)])
    owner_id = SelectField(_l("负责单位"), coerce=int)
    due_on = DateField(_l("完成期限"), [REQUIRED])


class ProjectForm(FlaskForm):
    """A university project."""

    title = StringField(_l("项目名称"), [REQUIRED, Length(4, 100)])
    university_id = SelectField(_l("高校或院所"), coerce=int)
    enterprise_id = SelectField(_l("承接企业"), coerce=int)
    segment = SelectField(_l("产业链环节"), [Optional()])
    base_id = SelectField(_l("联合基地"), coerce=int)
    started_on = DateField(_l("立项日期"), [REQUIRED])


class StageForm(FlaskForm):
    """The next stage of a project."""

    stage = SelectField(_l("进入阶段"))
    on = DateField(_l("日期"), [REQUIRED])
    note = TextAreaField(_l("说明"), [Optional(), Length(max=500)])


class BaseForm(FlaskForm):
    """A joint base."""

    name = StringField(_l("基地名称"), [REQUIRED, Length(4, 100)])
    field = StringField(_l("方向"), [Optional(), Length(max=100)])
    university_id = SelectField(_l("高校或院所"), coerce=int)
    firms = SelectMultipleField(_l("共建企业"), coerce=int)
    resolution_id = SelectField(_l("依据的决议"), coerce=int)
    founded_on = DateField(_l("成立日期"), [REQUIRED])


class PackForm(FlaskForm):
    """A service pack for a prospect."""

    name = StringField(_l("企业名称"), [REQUIRED, Length(2, 80)])
    prospect_id = SelectField(_l("招商线索"), coerce=int)
    industry = SelectField(_l("行业"), choices=choices(INDUSTRIES.items()))
    segment = SelectField(_l("产业链环节"), [Optional()])
    greeting = TextAreaField(_l("欢迎语"), [Optional(), Length(max=500)])
    expires_on = DateField(_l("链接有效期至"), [Optional()])


class SignalForm(FlaskForm):
    """Something heard."""

    kind = SelectField(_l("类型"))
    text = TextAreaField(_l("内容"), [REQUIRED, Length(max=1000)])
    organisation_id = SelectField(_l("提出单位"), coerce=int)
    segment = SelectField(_l("产业链环节"), [Optional()])
    tags = StringField(_l("标签"), [Optional(), Length(max=200)])
    occurred_on = DateField(_l("日期"), [REQUIRED])
