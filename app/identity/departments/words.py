"""The sentences about departments, duties, places and working hours."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "days_unread": _l("没有从中读出任何日期。"),
    "days_wrong": _l("第 %(line)s 行读不懂：%(text)s"),
    "days_many": _l("一次最多 %(most)s 天。"),
    "days_year": _l("请填写通知所属的年份。"),
    "calendar_file": _l("这不是日历文件（.ics）。"),
    "department_not_found": _l("没有找到该部门。"),
    "department_code": _l("部门编号须为 1–30 个小写字母、数字或下划线。"),
    "department_code_taken": _l("部门编号 %(code)s 已被使用。"),
    "not_the_parks_people": _l("只能选择园区自己的成员。"),
    "duty_refused": _l("任职无法登记。"),
    "duty_not_found": _l("没有找到该任职。"),
    "duty_backwards": _l("结束日期早于开始日期。"),
    "duty_department": _l("负责人、副手、代理和分管副总须选择部门，其余任职不选部门。"),
    "duty_instead_of": _l("代理副总须选择代理谁，其余任职不选。"),
    "duty_instead_of_oneself": _l("不能代理自己。"),
    "duty_without_end": _l("代理须有结束日期。"),
    "duty_taken": _l("这段日期里已有人担任该职。"),
    "working_hours_wrong": _l("工作时段应由早到晚、互不重叠，如 09:00-12:00。"),
    "building_not_found": _l("没有找到该楼宇。"),
    "building_code_taken": _l("楼宇编号 %(code)s 已被使用。"),
    "room_code_taken": _l("该楼层已有房间 %(code)s。"),
    "place_code": _l("编号须为 1–30 个字符，不含 / 和 *。"),
}
DUTY_NAMES = {
    "head": _l("部门负责人"),
    "deputy": _l("副手"),
    "acting": _l("代理负责人"),
    "vice_president": _l("分管副总"),
    "acting_vice_president": _l("代理副总"),
    "enterprise_vice_president": _l("企业服务副总"),
}
