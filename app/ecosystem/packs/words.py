"""The sentences about service packs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.ecosystem import sources
from app.ecosystem.packs.models import PackItem
from app.hall.text import language, units
from app.policy import door as policy

MESSAGES = {
    "pack_not_found": _l("没有找到这个服务包，或链接已失效。"),
    "pack_item_not_found": _l("服务包里没有这一项。"),
    "pack_expiry_past": _l("有效期不能早于今天。"),
    "pack_nothing": _l("服务包里还没有内容。"),
    "pack_already": _l("已经表达过意向。"),
    "pack_enterprise_unknown": _l("园内没有编号为 %(code)s 的企业。"),
    "pack_line_wrong": _l("第 %(line)s 行应为“中文 | English | 天数”，不超过 200 字。"),
    "pack_line_days": _l("第 %(line)s 行的天数应为 0 到 %(most)s 的整数。"),
    "industry_pack_not_found": _l("没有找到这个行业服务包。"),
    "pack_wanted_note": _l("一家拟引进企业希望与贵机构对接，请答复。"),
    "pack_wanted": _l("服务包「%(title)s」收到对接意向。"),
}
PACK_KINDS = {
    "basic": _l("开办事项"),
    "neighbour": _l("未来邻居"),
    "resource": _l("可预约资源"),
    "talent": _l("共享人才"),
    "policy": _l("适用政策"),
    "recruiting": _l("招聘渠道"),
    "benefit": _l("入驻权益"),
}
PACK_ICONS = {
    "basic": "checklist",
    "neighbour": "building-factory",
    "resource": "microscope",
    "talent": "user-star",
    "policy": "file-certificate",
    "recruiting": "users-plus",
    "benefit": "gift",
}
PACK_TONES = {"neighbour": "pri", "resource": "ok", "talent": "violet"}
PACK_STATES = {"draft": _l("准备中"), "shared": _l("已分享"), "withdrawn": _l("已收回")}


def _stands_alone(item: PackItem) -> bool:
    """Say whether so few firms stand on the neighbour's segment that naming it would name the neighbour."""
    return item.agreed_at is None and item.reason.get("segment") not in sources.crowded_segments()


def pack_title(item: PackItem, masked: bool = False) -> str:
    """Return what an item of a service pack is called: neighbours on the chain by their role, never by name.

    `masked`: for the prospect, who must not guess the neighbour before it agreed either.
    """
    reason = item.reason
    role = reason.get("role")
    if item.kind == "neighbour" and role in ("customer", "supplier"):
        if masked and _stands_alone(item):
            if role == "customer":
                return _("产业链下游的一家企业，可能成为贵单位客户")
            return _("产业链上游的一家企业，可能成为贵单位供应商")
        segment = sources.segment_name(reason["segment"])
        if role == "customer":
            return _("「%(segment)s」环节的一家企业，可能成为贵单位客户", segment=segment)
        return _("「%(segment)s」环节的一家企业，可能成为贵单位供应商", segment=segment)
    return (reason.get("en") if language.lang() == "en" else "") or str(item.title)


def pack_reason(item: PackItem, masked: bool = False) -> str:
    """Return why an item is in the pack."""
    reason = item.reason
    role = reason.get("role")
    if role in ("customer", "supplier"):
        own, other = sources.segment_name(reason["own"]), sources.segment_name(reason["segment"])
        if masked and _stands_alone(item):
            return _("与贵单位的「%(segment)s」环节直接相邻", segment=own)
        pair = (own, other) if role == "customer" else (other, own)
        return _("产业链上下游：%(input)s → %(output)s", input=pair[0], output=pair[1])
    if role == "offer":
        return _("符合行业常见需要：%(tags)s", tags=_("、").join(reason.get("tags", ())))
    if item.kind == "policy":
        return _policy_reason(item)
    if item.due_days is not None:
        return _("落地后 %(days)s 天内办好，园区协助", days=item.due_days)
    if "words" in reason:
        near = _("与贵单位业务相关：%(words)s", words=_("、").join(reason["words"]))
        if item.kind == "resource" and reason.get("price_fen"):
            return _("%(near)s；%(price)s / 小时", near=near, price=units.yuan(reason["price_fen"]))
        return near
    if "credits" in reason:
        return _("入驻后可用 %(credits)s 积分兑换", credits=units.number(reason["credits"]))
    return _("园区为贵单位准备")


def _policy_reason(item: PackItem) -> str:
    reason = item.reason
    if reason["state"] == "push":
        return _("已知条件全部满足，符合度 %(percent)s %%", percent=f"{reason['percent']:.1f}")
    facts = _("、").join(policy.fact_title(fact) for fact in reason["missing"])
    return _("符合度 %(percent)s %%，还需知道：%(facts)s", percent=f"{reason['percent']:.1f}", facts=facts)


def free_text(item: PackItem, free: Mapping[int, dt.datetime]) -> str:
    """Return when an instrument can be had next; nothing for what is not booked by the hour."""
    at = free.get(item.reason.get("resource", 0))
    return _("最近空闲 %(at)s", at=units.moment(at)) if at is not None else ""


def hint_of_pack(state: str, items: Sequence[PackItem], introductions: int, confirmed_wan: float) -> str:
    """Return what the staff do next with a service pack."""
    if state == "withdrawn":
        return _("链接已收回；再次分享会生成新的链接。")
    if not items:
        return _("换一个行业或环节重新生成，或手工加入内容。")
    if state == "draft":
        return _("检查内容，移除不合适的，再点「分享链接」，把链接或 PDF 发给企业。")
    waiting = sum(bool(i.wanted_at and not i.agreed_at and not i.declined_at) for i in items)
    if waiting:
        return _("%(num)s 家邻居尚未答复企业的意向，可以电话提醒。", num=waiting)
    if not introductions:
        return _("等企业在链接里点「希望对接」；邻居同意后，对接会自动建立。")
    if not confirmed_wan:
        return _("推进右侧的对接，并登记意向订单等成效，由邻居确认。")
    return _(
        "已带来经确认的成效 %(wan)s 万元；企业落地后，这些对接会转到它名下。",
        wan=units.wan_figure(confirmed_wan, language.lang()),
    )
