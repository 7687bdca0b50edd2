"""The sentences of the ecosystem room: refusals, notifications, states, reasons of a match."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import units
from app.ecosystem.service import around

MESSAGES = {
    "ecosystem_step_refused": _l("当前状态不允许这一步。"),
    "ecosystem_readers": _l("您的角色可以查看，但不能更改。"),
    "ecosystem_note_missing": _l("请写明理由或内容。"),
    "only_matchmakers": _l("仅园区招商专员、委员会秘书和园区管理员可以进行此操作。"),
    "only_secretary": _l("仅委员会秘书和园区管理员可以进行此操作。"),
    # needs and offers
    "post_refused": _l("内容有误，请按提示修改。"),
    "post_title_too_short": _l("标题至少 4 个字。"),
    "post_too_many_tags": _l("标签最多 8 个。"),
    "post_deadline_past": _l("截止日期不能早于今天。"),
    "post_unknown_segment": _l("产业链上没有环节「%(segment)s」。"),
    "tag_gives_away": _l("标签「%(tag)s」会透露贵机构身份，请改用业务词。"),
    "post_not_found": _l("没有找到这条需求或供给。"),
    "not_your_post": _l("这不是贵机构发布的内容。"),
    "post_closed": _l("这条内容已结束，不能再修改。"),
    "not_in_review": _l("这条内容不在待审核列表中。"),
    "post_to_review": _l("有新的供需内容等待审核：%(title)s"),
    "post_published": _l("「%(title)s」已通过审核并发布。"),
    "post_returned": _l("「%(title)s」被退回，请按意见修改后重新提交。"),
    "post_expired": _l("「%(title)s」已到期，可重新提交。"),
    "post_expires_soon": _l("「%(title)s」将于 %(on)s 到期。"),
    "policy_out_of_bounds": _l("数值应在 %(low)s–%(high)s 之间。"),
    # matches
    "match_not_found": _l("没有找到这条撮合建议。"),
    "not_your_match": _l("只有撮合双方可以答复。"),
    "match_closed": _l("这条撮合建议已有结果，不能再答复。"),
    "match_lapsed": _l("这条撮合建议已过答复期限。"),
    "already_answered": _l("贵方已经答复过，正在等待对方。"),
    "match_proposed": _l("有一条新的撮合建议，请查看理由并答复。"),
    "match_asked": _l("有一方愿意与贵方对接，请答复。"),
    "match_declined": _l("一条撮合建议对方选择了暂不对接。"),
    # introductions
    "introduction_not_found": _l("没有找到这项对接。"),
    "not_your_introduction": _l("只有对接双方和园区人员可以更新。"),
    "introduction_closed": _l("这项对接已经结束。"),
    "verified_by_outcome": _l("需要先有一项经受益方确认的成效，才能标记为已验证。"),
    "lost_reason_missing": _l("请写明未成的原因。"),
    "two_sides_needed": _l("对接需要两个不同的机构。"),
    "nobody_to_meet": _l("这一项没有可对接的机构。"),
    "next_owner_outside": _l("下一步的负责方须是对接双方之一。"),
    "meeting_ends_before_start": _l("结束时间须晚于开始时间。"),
    "introduction_file_not_found": _l("没有找到这个文件。"),
    "introduction_file_size": _l("文件不能为空，且不超过 5 MB。"),
    "appointment_not_found": _l("没有找到这次会面。"),
    "introduction_opened": _l("新的对接已建立：%(title)s"),
    "introduction_moved": _l("对接有进展：%(title)s"),
    "introduction_meeting": _l("对接约定了会面：%(title)s"),
    "introduction_stalled": _l("对接已 14 天没有记录：%(title)s"),
    # outcomes
    "outcome_not_found": _l("没有找到这项成效。"),
    "outcome_number_too_large": _l("数值过大或不是有效数字。"),
    "beneficiary_outside": _l("受益方须是对接双方之一。"),
    "outcome_answered": _l("这项成效已被确认或提出异议。"),
    "outcome_four_eyes": _l("登记人不能确认自己登记的成效。"),
    "outcome_not_yours": _l("成效由得到它的一方确认。"),
    "outcome_to_confirm": _l("有一项成效等待贵方确认：%(title)s"),
    "outcome_contested": _l("您登记的成效被提出异议：%(title)s"),
}

KINDS = {"need": _l("需求"), "offer": _l("供给")}
POST_STATES = {
    "draft": _l("草稿"),
    "review": _l("待审核"),
    "published": _l("已发布"),
    "engaged": _l("对接中"),
    "satisfied": _l("已满足"),
    "expired": _l("已到期"),
    "withdrawn": _l("已撤回"),
}
MATCH_STATES = {
    "proposed": _l("待双方答复"),
    "asked": _l("一方已愿意"),
    "mutual": _l("双方愿意"),
    "introduced": _l("已对接"),
    "declined": _l("暂不对接"),
    "lapsed": _l("逾期失效"),
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
VISIBILITIES = {"park": _l("全园可见（隐去身份）"), "matched": _l("仅撮合对象可见")}
FLAGS = {
    "contact": _l("含有联系方式，他人看到时会自动隐去"),
    "gives_away": _l("含有单位名称或人名，他人看到时会自动隐去"),
    "too_little": _l("内容过短，难以撮合"),
}
ORIGINS = {
    "match": _l("供需撮合"),
    "reward": _l("积分兑换"),
    "pack": _l("服务包"),
    "staff": _l("园区安排"),
}
TONES = {
    "published": "pri", "engaged": "ok", "satisfied": "ok", "review": "warn", "asked": "pri", "introduced": "ok",
    "mutual": "ok", "verified": "ok", "stalled": "warn", "lost": "bad", "declined": "", "agreed": "ok",
    "delivering": "pri", "met": "pri", "negotiating": "pri", "overdue": "bad", "done": "ok", "held": "ok",
    "planned": "pri", "production": "ok", "shared": "ok",
}  # fmt: skip


def reason_text(reason: Mapping[str, Any]) -> str:
    """Return one reason of a match as a sentence for the reader."""
    params = reason.get("params", {})
    code = reason["code"]
    percent = units.percent(reason.get("ratio", 0), 0)
    if code == "text":
        words = _("、").join(params.get("terms", ()))
        return _("内容相近：%(words)s", words=words) if words else _("内容相近")
    if code == "tags":
        return _("共同标签：%(tags)s", tags=_("、").join(params.get("tags", ())))
    if code == "segment_same":
        return _("同属「%(segment)s」环节", segment=around.segment_name(params.get("segment")))
    if code in ("segment_feeds", "segment_next"):
        names = {key: around.segment_name(params.get(key)) for key in ("input", "output")}
        return _("上下游相邻：%(input)s → %(output)s", **names)
    if code == "capacity_part":
        return _("数量可满足 %(percent)s", percent=percent)
    return {
        "budget_fits": _("价格在预算之内"),
        "budget_over": _("价格高于预算"),
        "capacity_fits": _("数量足够"),
        "place": _("位置相近"),
        "history": _("双方曾有经确认的合作成效"),
    }.get(code, code)
