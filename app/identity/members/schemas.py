"""What the forms about members take."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, EmailInput, ListWidget, TelInput

from app.identity.members.words import role_names
from app.identity.schemas import at_most, choices_of, email_like, needed, new_password, repeated


class Checkboxes(SelectMultipleField):
    """Several of a few: one checkbox each."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class InviteForm(FlaskForm):
    name = StringField(_l("姓名"), [needed, at_most(60)])
    email = StringField(_l("邮箱"), [Optional(), at_most(120), email_like()], widget=EmailInput())
    roles = Checkboxes(_l("角色"), [InputRequired(_l("请至少选择一个角色。"))])

    def offer(self, roles: Collection[str]) -> InviteForm:
        self.roles.choices = choices_of({role: name for role, name in role_names().items() if role in roles})
        return self


class RolesForm(FlaskForm):
    roles = Checkboxes(_l("角色"), [InputRequired(_l("请至少选择一个角色。"))])

    def offer(self, roles: Collection[str]) -> RolesForm:
        self.roles.choices = choices_of({role: name for role, name in role_names().items() if role in roles})
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
    keep = BooleanField(_l("保留我的 API 令牌和日历订阅"))


class CodeForm(FlaskForm):
    first = StringField(_l("代码的前一半"), [needed, at_most(40)], render_kw={"autocomplete": "off"})
    second = StringField(_l("代码的后一半"), [needed, at_most(40)], render_kw={"autocomplete": "off"})


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
