"""What the forms and calls of signing in take."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from pydantic import Field
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired

from app.hall.api.fields import ApiModel
from app.identity.members.schemas import Checkboxes
from app.identity.schemas import at_most, choices_of, needed, new_password, repeated


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


class ChangePasswordForm(FlaskForm):
    current = PasswordField(
        _l("当前密码"), [needed, at_most(200)], render_kw={"autocomplete": "current-password"}
    )
    password = new_password(_l("新密码"))
    again = repeated("password")
    keep = BooleanField(_l("保留我的 API 令牌和日历订阅"))


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


class TokenPath(ApiModel):
    token_id: int = Field(ge=1, le=2**62)
