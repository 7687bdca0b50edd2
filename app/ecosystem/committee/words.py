"""The sentences about the committee."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

MESSAGES = {
    "committee_not_found": _l("委员会尚未成立。"),
    "committee_exists": _l("委员会已经成立。"),
    "seat_taken": _l("该机构已有席位。"),
    "seat_not_found": _l("没有找到这个席位。"),
    "no_seat": _l("贵机构在委员会没有席位。"),
    "label_needs_firms": _l("企业类别只能包含企业。"),
}
SEAT_KINDS = {
    "enterprise": _l("企业"),
    "university": _l("高校"),
    "institute": _l("科研院所"),
    "association": _l("行业协会"),
    "bank": _l("金融机构"),
    "park": _l("园区"),
}


def kind_label(kind: str) -> str:
    """Return what kind of organisation somebody stands for."""
    return str(SEAT_KINDS.get(kind, kind))


def hint_of_committee(secretary: bool, seats: int, planned: bool, held_this_month: bool, overdue: int) -> str:
    """Return what the secretary does next for the round table; `planned`: a meeting is called that was not held."""
    if not secretary:
        return ""
    if not seats:
        return _("先在右下方增加席位：企业、高校、科研院所、行业协会、金融机构和园区各要有人。")
    if planned:
        return _("打开待召开的会议：会前核对议程，会中登记表决，会后形成决议并发布纪要。")
    if not held_this_month:
        return _("本月还没有会议：点「召集会议」，下面的议题会自动列入议程。")
    if overdue:
        return _("有 %(num)s 项决议已经逾期：提醒负责单位，或点「办结」写明完成情况。", num=overdue)
    return _("本月会议已完成；决议到期前系统会提醒负责单位。")
