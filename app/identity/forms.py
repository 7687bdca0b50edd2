"""What people type into the pages of the identity room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, EmailInput, ListWidget, TelInput

from app.identity.messages import INDUSTRY_NAMES, ROLE_NAMES, SIZE_NAMES

CREDIT_CODE = r"^\s*[0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]{18}\s*$"
needed = InputRequired(_l("请填写此项。"))


def at_most(size: int) -> Length:
    return Length(max=size, message=_l("最多 %(max)d 个字符。"))


def email_like() -> Regexp:
    return Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=_l("请填写有效的邮箱地址。"))


def new_password(label: Any) -> PasswordField:
    return PasswordField(
        label,
        [needed, Length(min=10, max=200, message=_l("密码长度应为 10–200 个字符。"))],
        render_kw={"autocomplete": "new-password"},
    )


def repeated(of: str) -> PasswordField:
    return PasswordField(
        _l("再次输入新密码"),
        [needed, EqualTo(of, _l("两次输入的密码不一致。"))],
        render_kw={"autocomplete": "new-password"},
    )


def choices_of(names: Mapping[str, Any], empty: Any = None) -> list[SelectChoice]:
    """Options from a table of names, after an empty one that asks to choose."""
    options = [SelectChoice(value, name) for value, name in names.items()]
    return options if empty is None else [SelectChoice("", empty), *options]


class Checkboxes(SelectMultipleField):
    """Several of a few: one checkbox each."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SignInForm(FlaskForm):
    login = StringField(
        _l("登录名"),
        [needed, at_most(80)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("密码"), [needed, at_most(200)], render_kw={"autocomplete": "current-password"}
    )
    remember = BooleanField(_l("30 天内在此设备上保持登录"))


class RegisterForm(FlaskForm):
    name_zh = StringField(_l("企业名称"), [needed, at_most(100)], render_kw={"autocomplete": "organization"})
    name_en = StringField(_l("英文名称"), [at_most(100)])
    credit_code = StringField(
        _l("统一社会信用代码"),
        [needed, Regexp(CREDIT_CODE, message=_l("统一社会信用代码应为 18 位数字或大写字母。"))],
    )
    industry = SelectField(
        _l("所属行业"), choices=lambda: choices_of(INDUSTRY_NAMES, _l("请选择")), validators=[needed]
    )
    size = SelectField(
        _l("企业规模"), choices=lambda: choices_of(SIZE_NAMES, _l("请选择")), validators=[needed]
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
        _l("我确认以上信息属实，并代表本企业提出申请。"), [InputRequired(_l("请先确认。"))]
    )


class DecideForm(FlaskForm):
    reason = TextAreaField(_l("意见或理由"), [at_most(500)])


class InviteForm(FlaskForm):
    name = StringField(_l("姓名"), [needed, at_most(60)])
    email = StringField(_l("邮箱"), [Optional(), at_most(120), email_like()], widget=EmailInput())
    roles = Checkboxes(_l("角色"), [InputRequired(_l("请至少选择一个角色。"))])

    def offer(self, roles: Iterable[str]) -> InviteForm:
        self.roles.choices = choices_of({role: ROLE_NAMES[role] for role in roles})
        return self


class RolesForm(FlaskForm):
    roles = Checkboxes(_l("角色"), [InputRequired(_l("请至少选择一个角色。"))])

    def offer(self, roles: Iterable[str]) -> RolesForm:
        self.roles.choices = choices_of({role: ROLE_NAMES[role] for role in roles})
        return self


class AcceptForm(FlaskForm):
    name = StringField(_l("姓名"), [needed, at_most(60)], render_kw={"autocomplete": "name"})
    login = StringField(
        _l("登录名"), [needed, at_most(80)], render_kw={"autocomplete": "username", "autocapitalize": "none"}
    )
    password = new_password(_l("设置密码"))
    again = repeated("password")


class ResetForm(FlaskForm):
    password = new_password(_l("新密码"))
    again = repeated("password")


class ChangePasswordForm(FlaskForm):
    current = PasswordField(
        _l("当前密码"), [needed, at_most(200)], render_kw={"autocomplete": "current-password"}
    )
    password = new_password(_l("新密码"))
    again = repeated("password")


class ProfileForm(FlaskForm):
    name = StringField(_l("姓名"), [needed, at_most(60)], render_kw={"autocomplete": "name"})
    email = StringField(
        _l("邮箱"),
        [Optional(), at_most(120), email_like()],
        widget=EmailInput(),
        render_kw={"autocomplete": "email"},
    )
    phone = StringField(_l("手机"), [at_most(30)], widget=TelInput(), render_kw={"autocomplete": "tel"})
    language = SelectField(
        _l("界面语言"), choices=choices_of({"zh": "中文", "en": "English"}, _l("跟随浏览器或右上角的选择"))
    )


class TokenForm(FlaskForm):
    name = StringField(_l("用途"), [needed, at_most(80)])
    scopes = Checkboxes(
        _l("权限"),
        [InputRequired(_l("请至少选择一种权限。"))],
        choices=choices_of({"read": _l("读取"), "write": _l("写入（预约、申报、兑换等）")}),
        default=["read"],
    )
    days = SelectField(
        _l("有效期"),
        choices=choices_of({"30": _l("30 天"), "90": _l("90 天"), "365": _l("一年"), "0": _l("长期有效")}),
        default="90",
    )
