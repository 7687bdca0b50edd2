"""What comes next, as one sentence at the head of a page: nobody should need a manual to walk on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app import units


def of_post(code: str, is_need: bool, open_matches: int, introductions: int, reviewing: bool = False) -> str:
    """Return what the owner of a need or offer does next; `code` is its state as people call it."""
    if code == "draft":
        return _("内容写好后点「提交发布」。")
    if code == "review":
        return (
            _("请阅读内容，然后通过或退回。")
            if reviewing
            else _("等待委员会秘书审核，通过后自动发布并开始撮合，届时会通知您。")
        )
    if code in ("expired", "withdrawn"):
        return _("需要继续的话，修改截止日期后点「提交发布」。")
    if code == "satisfied":
        return ""
    if open_matches:
        return _(
            "下方有 %(num)s 条撮合建议待答复：打开看理由，选择「愿意对接」或「暂不对接」。", num=open_matches
        )
    if introductions:
        return _("对接已建立：到「对接进展」记录会面、下一步和成效。")
    return (
        _("系统正在寻找合适的供给；补充标签、环节和数量会找得更准。")
        if is_need
        else _("系统正在寻找合适的需求；补充标签、环节和数量会找得更准。")
    )


def of_match(open_: bool, side: str, mine: bool | None, theirs: bool | None, introduced: bool) -> str:
    """Return what a side of a match does next."""
    if introduced:
        return _("双方都愿意：打开对接，约第一次会面。")
    if not open_ or not side:
        return ""
    if mine:
        return _("等待对方答复；对方也愿意后，对接会自动建立。")
    if theirs:
        return _("对方已经愿意，只等贵方：选择「愿意对接」后双方看到彼此名称。")
    return _("看看理由是否成立，再选择「愿意对接」或「暂不对接」；双方都愿意之前互不知道对方是谁。")


def of_introduction(state: str, signed: int, waiting: Sequence[bool], planned: bool) -> str:
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


def of_committee(secretary: bool, seats: int, planned: bool, held_this_month: bool, overdue: int) -> str:
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


def of_meeting(
    state: str, started: bool, secretary: bool, my_open_votes: int, undecided: int, carried: int
) -> str:
    """Return what the reader of a meeting's page does next.

    `my_open_votes`: subjects the reader's seat has not voted on; `undecided`: subjects without a quorate vote;
    `carried`: carried subjects without a resolution.
    """
    if state != "planned":
        return ""
    if secretary:
        if not started:
            return _("会前：检查议程，可更新或加入自定议题，并把会议加入日历。")
        if undecided:
            return _(
                "逐项登记各席位的表决，%(num)s 个议题尚未达到法定人数；不表决的议题可直接写入纪要。",
                num=undecided,
            )
        if carried:
            return _("%(num)s 个议题已通过：为每一项形成决议，写明负责单位和期限。", num=carried)
        return _("填写右侧「会议纪要」并发布，本月即完成。")
    if my_open_votes:
        return _("贵方席位还有 %(num)s 个议题未表决。", num=my_open_votes)
    return ""


def of_pack(state: str, items: Sequence[Any], introductions: int, confirmed_wan: float) -> str:
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
        "已带来经确认的成效 %(wan)s 万元；企业落地后，这些对接会转到它名下。", wan=units.number(confirmed_wan)
    )


def of_gap(found: Mapping[str, int], needs: int) -> str:
    """Return what the staff do next about a weak link."""
    if found.get("prospect"):
        return _(
            "先为可引进企业准备服务包，让它们看到未来邻居和园内资源；园内的供给、设备和人才可以同时安排对接。"
        )
    if found.get("offer") and needs:
        return _("园内已有供给和需求：到「撮合建议」看双方是否已答复。")
    if sum(found.values()):
        return _("园内只有部分资源能补：可在产业链的「拟引进企业」中登记目标企业。")
    return _("园内外暂无资源：可在产业链的「拟引进企业」中登记目标企业，或把它列入圆桌会议议题。")
