"""The names of the scorecard's figures."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "figure_not_yours": _l("这个数字的明细由它所在的板块管理，您的角色看不到明细。"),
}
SCORES = {
    "needs": _l("新增需求"),
    "offers": _l("新增供给"),
    "matches": _l("撮合建议"),
    "introductions": _l("建立对接"),
    "outcomes": _l("确认成效"),
    "meetings": _l("圆桌会议"),
    "links": _l("新增供货关系"),
    "hours": _l("共享机时（小时）"),
    "licences": _l("专利许可"),
    "credits": _l("企业获得积分"),
}
