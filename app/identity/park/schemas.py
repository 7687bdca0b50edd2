"""What the form of the park's identity takes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, StringField

from app.identity.schemas import at_most


class ParkForm(FlaskForm):
    name_zh = StringField(_l("中文名称"), [at_most(40)])
    name_en = StringField(_l("英文名称"), [at_most(60)])
    contact = StringField(_l("联系方式"), [at_most(120)])
    footer = StringField(_l("页脚（备案号等）"), [at_most(120)])
    tax_title = StringField(_l("开票抬头与税号"), [at_most(120)])
    mark = FileField(_l("标识图片"))
    without_mark = BooleanField(_l("恢复园链的标识"))
