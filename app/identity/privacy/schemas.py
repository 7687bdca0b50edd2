"""What the form of an erasure takes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField

from app.identity.schemas import at_most, needed


class ErasureForm(FlaskForm):
    login = StringField(_l("已停用账号的登录名"), [needed, at_most(80)], render_kw={"autocomplete": "off"})
    reason = StringField(_l("理由"), [needed, at_most(300)])
