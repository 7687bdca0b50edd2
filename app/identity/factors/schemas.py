"""What the forms about second factors take."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField

from app.identity.schemas import at_most, needed


class PasswordForm(FlaskForm):
    password = PasswordField(
        _l("当前密码"), [needed, at_most(200)], render_kw={"autocomplete": "current-password"}
    )


class FirstCodeForm(FlaskForm):
    code = StringField(
        _l("应用显示的 6 位数字"),
        [needed, at_most(20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class PasskeyForm(FlaskForm):
    password = PasswordField(
        _l("当前密码"), [needed, at_most(200)], render_kw={"autocomplete": "current-password"}
    )
    name = StringField(_l("名称"), [at_most(60)], render_kw={"autocomplete": "off"})
    answer = HiddenField("answer", [at_most(20_000)])


class SecondStepForm(FlaskForm):
    code = StringField(
        _l("6 位验证码，或一个恢复码"),
        [at_most(60)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"},
    )
    answer = HiddenField("answer", [at_most(20_000)])


class LossForm(FlaskForm):
    reason = StringField(_l("理由"), [needed, at_most(300)])
