"""Fields that several forms of the room share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length, Regexp

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
