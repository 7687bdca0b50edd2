"""The sentences about initiatives."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

INITIATIVE_STATES = {
    "proposed": _l("已提议"),
    "agreed": _l("已议定"),
    "in_progress": _l("推进中"),
    "done": _l("已完成"),
    "dropped": _l("已放弃"),
}
INITIATIVE_TONES = {"proposed": "warn", "agreed": "pri", "in_progress": "pri", "done": "ok", "dropped": ""}
MESSAGES = {
    "initiative_incomplete": _l("请写明外部因素、事项与不为负的数量。"),
    "initiative_not_found": _l("没有找到该协同行动。"),
    "initiative_not_yours": _l("只有秘书、牵头人，或该项交付的负责人可以这样做。"),
    "initiative_owner_unknown": _l("园区没有登录名为 %(login)s 的人员。"),
    "initiative_number_wrong": _l("请填写整数。"),
    "initiative_day_wrong": _l("请填写日期。"),
    "initiative_promise_in_past": _l("承诺日期不能早于今天。"),
    "initiative_reason": _l("请写明放弃的理由。"),
    "initiative_state": _l("协同行动当前状态（%(state)s）不允许此操作。"),
    "initiative_undelivered": _l("还有交付物未交付。"),
    "initiative_yours": _l("圆桌会议议定由您牵头：%(title)s"),
    "initiative_promise_yours": _l("协同行动请您在 %(on)s 前交付：%(what)s"),
    **{f"initiative_state_{code}": name for code, name in INITIATIVE_STATES.items()},
}
