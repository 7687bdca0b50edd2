"""What is typed into the pages of departments, duties, working hours and places."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

NEEDED = InputRequired(_l("请填写此项。"))
SHORT = Length(max=60, message=_l("最多 %(max)d 个字符。"))


class DepartmentForm(FlaskForm):
    code = StringField(_l("编号"), [NEEDED, SHORT])
    name_zh = StringField(_l("名称"), [NEEDED, SHORT])
    name_en = StringField(_l("英文名称"), [SHORT])


class DutyForm(FlaskForm):
    kind = SelectField(_l("任职"))
    member_id = SelectField(_l("谁"), coerce=int)
    department_id = SelectField(_l("部门"), coerce=int)
    instead_of_id = SelectField(_l("代理谁"), coerce=int)
    from_on = DateField(_l("自"), [NEEDED])
    until_on = DateField(_l("至"), [Optional()])


class HoursForm(FlaskForm):
    hours = StringField(_l("工作时段"), [NEEDED, Length(max=200)])


class BuildingForm(FlaskForm):
    code = StringField(_l("楼宇编号"), [NEEDED, SHORT])
    name_zh = StringField(_l("楼宇名称"), [NEEDED, SHORT])
    name_en = StringField(_l("英文名称"), [SHORT])


class RoomForm(FlaskForm):
    building_id = SelectField(_l("楼宇"), coerce=int)
    floor = StringField(_l("楼层"), [NEEDED, SHORT])
    code = StringField(_l("房间号"), [NEEDED, SHORT])
    name_zh = StringField(_l("房间名称"), [SHORT])
    name_en = StringField(_l("英文名称"), [SHORT])
