"""What the forms and calls about organisations take."""

from __future__ import annotations

from typing import Literal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import EmailInput, TelInput

from app.hall.api.fields import ApiModel, PageQuery
from app.identity.arrivals.schemas import kind_choices, sound_code
from app.identity.organisations.words import INDUSTRY_NAMES, SIZE_NAMES
from app.identity.schemas import at_most, choices_of, email_like, needed, new_password, repeated


def only_for_firms(form: FlaskForm, field: SelectField) -> None:
    """Industry and size are asked of firms; the kinds beside them have none."""
    if form.kind.data == "enterprise" and not field.data:
        raise ValidationError(_("请填写此项。"))


class RegisterForm(FlaskForm):
    kind = SelectField(_l("类型"), choices=kind_choices, default="enterprise")
    name_zh = StringField(_l("名称"), [needed, at_most(100)], render_kw={"autocomplete": "organization"})
    name_en = StringField(_l("英文名称"), [at_most(100)])
    credit_code = StringField(
        _l("统一社会信用代码"),
        [needed, at_most(60), sound_code],
    )
    industry = SelectField(
        _l("所属行业"),
        choices=lambda: choices_of(INDUSTRY_NAMES, _l("请选择")),
        default="",
        validators=[only_for_firms],
    )
    size = SelectField(
        _l("企业规模"),
        choices=lambda: choices_of(SIZE_NAMES, _l("请选择")),
        default="",
        validators=[only_for_firms],
    )
    applicant = StringField(_l("申请人姓名"), [needed, at_most(60)], render_kw={"autocomplete": "name"})
    email = StringField(
        _l("邮箱"),
        [needed, at_most(120), email_like()],
        widget=EmailInput(),
        render_kw={"autocomplete": "email"},
    )
    phone = StringField(_l("手机"), [at_most(30)], widget=TelInput(), render_kw={"autocomplete": "tel"})
    login = StringField(
        _l("登录名"), [needed, at_most(80)], render_kw={"autocomplete": "username", "autocapitalize": "none"}
    )
    password = new_password(_l("设置密码"))
    again = repeated("password")
    consent = BooleanField(
        _l("我确认以上信息属实，代表本单位提出申请，并同意按“个人信息”说明处理我的姓名、邮箱和手机。"),
        [InputRequired(_l("请先确认。"))],
    )


class DecideForm(FlaskForm):
    reason = TextAreaField(_l("意见或理由"), [at_most(500)])


class RegisteredForm(FlaskForm):
    registered_on = DateField(_l("注册日期"), [Optional()])


class EnterpriseQuery(PageQuery):
    q: str = Field("", max_length=100)
    status: Literal["pending", "active", "leaving", "left", "joined", "rejected", "suspended"] = "active"


class EnterprisePath(ApiModel):
    code: str = Field(min_length=1, max_length=20)
