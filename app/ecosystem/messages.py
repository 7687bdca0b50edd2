"""The sentences of the ecosystem room: refusals, notifications, states, reasons of a match."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import language, units
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
    "sheet_too_large": _l("文件过大，请不超过 5 MB。"),
    "sheet_empty": _l("文件里没有可导入的内容。"),
    "sheet_wrong": _l("文件内容有误，未导入任何一条。"),
    "sheet_column_missing": _l("缺少列「%(column)s」。"),
    "sheet_too_many_rows": _l("一次最多导入 %(most)s 行。"),
    "sheet_encoding": _l("CSV 文件须为 UTF-8 编码。"),
    "sheet_unreadable": _l("无法读取该文件，请使用 .xlsx 或 UTF-8 的 .csv。"),
    "sheet_kind": _l("第 %(row)s 行 %(column)s：应为 need（需求）或 offer（供给）。"),
    "sheet_title": _l("第 %(row)s 行 %(column)s：标题至少 4 个字。"),
    "sheet_too_long": _l("第 %(row)s 行 %(column)s：内容过长。"),
    "sheet_number": _l("第 %(row)s 行 %(column)s：应为不小于 0 的数字（数量为正整数，金额最多两位小数）。"),
    "sheet_date": _l("第 %(row)s 行 %(column)s：日期应写作 2026-12-31。"),
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
    # outcomes
    "outcome_not_found": _l("没有找到这项成效。"),
    "outcome_number_too_large": _l("数值过大或不是有效数字。"),
    "beneficiary_outside": _l("受益方须是对接双方之一。"),
    "outcome_answered": _l("这项成效已被确认或提出异议。"),
    "outcome_four_eyes": _l("登记人不能确认自己登记的成效。"),
    "outcome_not_yours": _l("成效由得到它的一方确认。"),
    "outcome_to_confirm": _l("有一项成效等待贵方确认：%(title)s"),
    "outcome_contested": _l("您登记的成效被提出异议：%(title)s"),
    "reward_partner_unknown": _l("对接机构 %(partner)s 不在园区名录中或已停用，请更正权益中的机构编号。"),
    "reward_without_partner": _l("该权益没有可对接的机构，请联系园区。"),
    "figure_not_yours": _l("这个数字的明细由它所在的板块管理，您的角色看不到明细。"),
    "gap_not_found": _l("没有找到这个环节或月份。"),
    # service packs
    "pack_not_found": _l("没有找到这个服务包，或链接已失效。"),
    "pack_item_not_found": _l("服务包里没有这一项。"),
    "pack_expiry_past": _l("有效期不能早于今天。"),
    "pack_nothing": _l("服务包里还没有内容。"),
    "pack_already": _l("已经表达过意向。"),
    "pack_wanted_note": _l("一家拟引进企业希望与贵机构对接，请答复。"),
    "pack_wanted": _l("服务包「%(title)s」收到对接意向。"),
    # signals
    "signal_incomplete": _l("请选择类型并写明内容。"),
    "signal_in_future": _l("发生日期不能晚于今天。"),
    "signal_not_found": _l("没有找到这条信号。"),
    # round table
    "committee_not_found": _l("委员会尚未成立。"),
    "committee_exists": _l("委员会已经成立。"),
    "seat_taken": _l("该机构已有席位。"),
    "seat_not_found": _l("没有找到这个席位。"),
    "no_seat": _l("贵机构在委员会没有席位。"),
    "meeting_not_found": _l("没有找到这次会议。"),
    "meeting_over": _l("会议已结束或已取消。"),
    "meeting_not_yet": _l("会议还没有开始。"),
    "meeting_called": _l("第 %(number)s 次圆桌会议已召集，请查看议程。"),
    "meeting_minutes": _l("第 %(number)s 次圆桌会议纪要已发布。"),
    "label_needs_firms": _l("企业类别只能包含企业。"),
    "item_not_found": _l("没有找到这个议题。"),
    "choice_missing": _l("请选择赞成、反对或弃权。"),
    "vote_without_quorum": _l("未达到法定人数：已表决 %(cast)s 席，需要 %(quorum)s 席。"),
    "vote_not_carried": _l("表决未通过，不能形成决议。"),
    "resolution_not_found": _l("没有找到这项决议。"),
    "resolution_owned": _l("贵机构负责一项决议，期限 %(on)s：%(text)s"),
    "resolution_due_soon": _l("决议将于 %(on)s 到期：%(text)s"),
    "resolution_overdue": _l("决议已逾期（%(on)s）：%(text)s"),
    # projects
    "base_not_found": _l("没有找到这个联合基地。"),
    "project_not_found": _l("没有找到这个项目。"),
    "project_not_yours": _l("只有项目双方和园区人员可以更新。"),
    "project_in_future": _l("开始日期不能晚于今天。"),
    "project_needs_university": _l("项目需要一所高校或科研院所。"),
    "project_needs_firm": _l("项目需要一家企业。"),
    "project_needs_need": _l("项目只能以一条需求为起点。"),
    "project_day_order": _l("日期不能早于上一阶段，也不能晚于今天。"),
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
SIGNAL_KINDS = {
    "complaint": _l("意见反馈"),
    "visit": _l("走访记录"),
    "survey": _l("问卷"),
    "refused_booking": _l("预约未满足"),
}
AGENDA_KINDS = {
    "overdue": _l("逾期决议"),
    "concern": _l("共性诉求"),
    "weak_link": _l("薄弱环节"),
    "refused_demand": _l("未满足预约"),
    "own": _l("自定议题"),
}
MEETING_STATES = {"planned": _l("待召开"), "held": _l("已召开"), "cancelled": _l("已取消")}
RESOLUTION_STATES = {
    "open": _l("进行中"),
    "overdue": _l("逾期"),
    "done": _l("已完成"),
    "dropped": _l("已取消"),
}
CHOICES = {"yes": _l("赞成"), "no": _l("反对"), "abstain": _l("弃权")}
STAGES = {
    "need": _l("需求"),
    "match": _l("匹配"),
    "research": _l("研发"),
    "pilot": _l("中试"),
    "production": _l("投产"),
    "dropped": _l("终止"),
}
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
        "history": _("双方都有经确认的成效"),
        "segment_related": _("产业链位置相关（环节在双方同意前隐去）"),
    }.get(code, code)


def agenda_title(kind: str, params: Mapping[str, Any], title: str = "") -> str:
    """Return what an agenda item is about, in the reader's language."""
    if kind == "concern":
        topic = params["topic"]
        if params.get("by") == "segment":
            topic = around.segment_name(topic)
        if params.get("group") and params["inside"] / params["size"] >= 0.5:
            return _(
                "%(size)s 家%(group)s企业中有 %(inside)s 家提出「%(topic)s」",
                size=params["size"],
                group=params["group"],
                inside=params["inside"],
                topic=topic,
            )
        return _("%(firms)s 家企业共同关注「%(topic)s」", firms=params["firms"], topic=topic)
    if kind == "weak_link":
        name = around.segment_name(params["segment"])
        return _("薄弱环节「%(segment)s」排第 %(rank)s", segment=name, rank=params["rank"])
    if kind == "refused_demand":
        return _(
            "「%(topic)s」预约 %(refusals)s 次未满足，共 %(hours)s 小时",
            topic=around.instrument_class(params["topic"]),
            refusals=params["refusals"],
            hours=units.number(params["hours"], 1),
        )
    if kind == "overdue":
        return _("决议逾期 %(days)s 天：%(text)s", days=params["days"], text=params.get("text", ""))
    return title


def agenda_note(kind: str, params: Mapping[str, Any], amounts: bool = False) -> str:
    """Return the second line of an agenda item: what speaks for it; the size of a gap is the staff's to know."""
    if kind == "concern":
        if params.get("offers"):
            return _(
                "共 %(firms)s 家企业提出，园内有 %(offers)s 项闲置供给可以回应",
                firms=params["firms"],
                offers=params["offers"],
            )
        return _("共 %(firms)s 家企业提出，园内尚无相应供给", firms=params["firms"])
    if kind == "weak_link":
        before = params.get("before")
        news = _("上次会议后新出现") if before is None else _("排名由第 %(rank)s 上升", rank=before)
        if not amounts:
            return news
        missing = units.wan(params["shortfall_wan"], language.lang())
        return _("%(news)s，缺口 %(amount)s", news=news, amount=missing)
    if kind == "refused_demand":
        return _("涉及 %(firms)s 家企业，计入需求证据", firms=params["firms"])
    return ""


INDUSTRIES = {
    "battery": _l("动力电池"),
    "biotech": _l("生物医药"),
    "culture": _l("文化创意"),
    "crossborder": _l("跨境贸易"),
    "smart_equipment": _l("智能装备"),
    "new_material": _l("新材料"),
    "": _l("其他"),
}
SEAT_KINDS = {
    "enterprise": _l("企业"),
    "university": _l("高校"),
    "institute": _l("科研院所"),
    "association": _l("行业协会"),
    "bank": _l("金融机构"),
    "park": _l("园区"),
}
PACK_KINDS = {
    "neighbour": _l("未来邻居"),
    "resource": _l("可预约资源"),
    "talent": _l("共享人才"),
    "benefit": _l("入驻权益"),
}
PACK_STATES = {"draft": _l("准备中"), "shared": _l("已分享"), "withdrawn": _l("已收回")}
FILLER_KINDS = {
    "prospect": _l("可引进企业"),
    "equipment": _l("闲置设备"),
    "patent": _l("可用专利"),
    "talent": _l("共享人才"),
    "offer": _l("企业供给"),
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


def _stands_alone(item: Any) -> bool:
    """Say whether so few firms stand on the neighbour's segment that naming it would name the neighbour."""
    return item.agreed_at is None and item.reason.get("segment") not in around.crowded_segments()


def pack_title(item: Any, masked: bool = False) -> str:
    """Return what an item of a service pack is called: neighbours on the chain by their role, never by name.

    `masked`: for the prospect, who must not guess the neighbour before it agreed either.
    """
    reason = item.reason
    role = reason.get("role")
    if item.kind == "neighbour" and role in ("customer", "supplier"):
        if masked and _stands_alone(item):
            if role == "customer":
                return _("产业链下游的一家企业，可能成为贵司客户")
            return _("产业链上游的一家企业，可能成为贵司供应商")
        segment = around.segment_name(reason["segment"])
        if role == "customer":
            return _("「%(segment)s」环节的一家企业，可能成为贵司客户", segment=segment)
        return _("「%(segment)s」环节的一家企业，可能成为贵司供应商", segment=segment)
    return (reason.get("en") if language.lang() == "en" else "") or str(item.title)


def pack_reason(item: Any, masked: bool = False) -> str:
    """Return why an item is in the pack."""
    reason = item.reason
    role = reason.get("role")
    if role in ("customer", "supplier"):
        own, other = around.segment_name(reason["own"]), around.segment_name(reason["segment"])
        if masked and _stands_alone(item):
            return _("与贵司的「%(segment)s」环节直接相邻", segment=own)
        pair = (own, other) if role == "customer" else (other, own)
        return _("产业链上下游：%(input)s → %(output)s", input=pair[0], output=pair[1])
    if role == "offer":
        return _("符合行业常见需要：%(tags)s", tags=_("、").join(reason.get("tags", ())))
    if "words" in reason:
        near = _("与贵司业务相关：%(words)s", words=_("、").join(reason["words"]))
        if item.kind == "resource" and reason.get("price_fen"):
            return _("%(near)s；%(price)s / 小时", near=near, price=units.yuan(reason["price_fen"]))
        return near
    if "credits" in reason:
        return _("入驻后可用 %(credits)s 积分兑换", credits=units.number(reason["credits"]))
    return _("园区为贵司准备")


def filler_reason(filler: Any) -> str:
    """Return why something could fill a gap."""
    if filler.code == "stands_on":
        name = around.segment_name(filler.params["segment"])
        if filler.params.get("adds_wan"):
            return _(
                "正在「%(segment)s」环节，可增加产出 %(wan)s 万元",
                segment=name,
                wan=units.number(filler.params["adds_wan"]),
            )
        return _("正在「%(segment)s」环节", segment=name)
    return _("内容涉及：%(words)s", words=_("、").join(filler.params["words"]))
