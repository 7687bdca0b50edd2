"""The sentences about projects."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "base_not_found": _l("没有找到这个联合基地。"),
    "project_not_found": _l("没有找到这个项目。"),
    "project_not_yours": _l("只有项目双方和园区人员可以更新。"),
    "project_in_future": _l("开始日期不能晚于今天。"),
    "project_needs_university": _l("项目需要一所高校或科研院所。"),
    "project_needs_firm": _l("项目需要一家企业。"),
    "project_needs_need": _l("项目只能以一条需求为起点。"),
    "project_day_order": _l("日期不能早于上一阶段，也不能晚于今天。"),
}
STAGES = {
    "need": _l("需求"),
    "match": _l("匹配"),
    "research": _l("研发"),
    "pilot": _l("中试"),
    "production": _l("投产"),
    "dropped": _l("终止"),
}
