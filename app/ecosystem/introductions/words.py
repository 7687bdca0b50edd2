"""The sentences about introductions."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

MESSAGES = {
    "introduction_not_found": _l("没有找到这项对接。"),
    "not_your_introduction": _l("只有对接双方和园区人员可以更新。"),
    "introduction_closed": _l("这项对接已经结束。"),
    "verified_by_outcome": _l("需要先有一项经受益方确认的成效，才能标记为已验证。"),
    "lost_reason_missing": _l("请写明未成的原因。"),
    "nobody_to_meet": _l("这一项没有可对接的机构。"),
    "next_owner_outside": _l("下一步的负责方须是对接双方之一。"),
    "meeting_ends_before_start": _l("结束时间须晚于开始时间。"),
    "introduction_file_not_found": _l("没有找到这个文件。"),
    "introduction_file_size": _l("文件不能为空，且不超过 5 MB。"),
    "appointment_over": _l("这次会面已经开始或已取消。"),
    "introduction_meeting_off": _l("对接的会面已取消：%(title)s"),
    "appointment_not_found": _l("没有找到这次会面。"),
    "introduction_opened": _l("新的对接已建立：%(title)s"),
    "introduction_moved": _l("对接有进展：%(title)s"),
    "introduction_meeting": _l("对接约定了会面：%(title)s"),
    "introduction_step_due": _l("对接的下一步已过期限：%(title)s"),
    "introduction_yours": _l("一项对接交由您跟进：%(title)s"),
    "owner_not_staff": _l("跟进人须是园区的招商专员、委员会秘书或管理员。"),
    "introduction_stalled": _l("对接已 14 天没有记录：%(title)s"),
    "reward_partner_unknown": _l("对接机构 %(partner)s 不在园区名录中或已停用，请更正权益中的机构编号。"),
    "reward_without_partner": _l("该权益没有可对接的机构，请联系园区。"),
}
INTRODUCTION_STATES = {
    "opened": _l("已建立"),
    "met": _l("已会面"),
    "negotiating": _l("洽谈中"),
    "agreed": _l("已达成"),
    "delivering": _l("履行中"),
    "verified": _l("已验证"),
    "stalled": _l("停滞"),
    "lost": _l("未成"),
}
ORIGINS = {
    "match": _l("供需撮合"),
    "reward": _l("积分兑换"),
    "pack": _l("服务包"),
    "staff": _l("园区安排"),
}


def hint_of_introduction(state: str, signed: int, waiting: Sequence[bool], planned: bool) -> str:
    """Return what a side of an introduction does next.

    `waiting`: for each outcome nobody answered yet, whether this reader is the one to sign; `planned`: a meeting
    is fixed that has not been.
    """
    if any(waiting):
        return _("有一项成效等贵方确认：核对基线、实际和期间，然后点「确认」或「有异议」。")
    if state == "opened":
        return (
            _("会面之后点「标记为已会面」，并写一条记录。")
            if planned
            else _("先在右侧「约定会面」，双方都能把它加入日历。")
        )
    if state == "met":
        return _("谈得来就点「标记为洽谈中」，并写明下一步、期限和由谁负责。")
    if state == "negotiating":
        return _("谈定之后点「标记为已达成」，可以把协议上传到「文件」。")
    if state == "agreed":
        return (
            _("成效已确认：点「标记为履行中」，再点「标记为已验证」，参与的企业即得积分。")
            if signed
            else _("开始供货或合作时点「标记为履行中」。")
        )
    if state == "delivering":
        if waiting:
            return _("成效已登记，等受益方确认；确认后对接即为已验证。")
        if signed:
            return _("已有经确认的成效，可以点「标记为已验证」。")
        return _("登记成效：基线、实际、单位和期间；由得到它的一方确认后才计入统计。")
    if state == "verified":
        return _("已验证。之后的新成效仍可登记，同样由受益方确认。")
    return ""
