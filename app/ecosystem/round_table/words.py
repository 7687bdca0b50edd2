"""The sentences about meetings, subjects and resolutions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.ecosystem import sources
from app.hall.text import language, units

PRESENCE_NAMES = {"present": _l("出席"), "apologies": _l("请假"), "absent": _l("缺席")}

MESSAGES = {
    "meeting_not_found": _l("没有找到这次会议。"),
    "meeting_moved": _l("第 %(number)s 次圆桌会议改期：%(when)s，请更新日历。"),
    "item_voted": _l("已表决或已形成决议的议题不能移出。"),
    "meeting_over": _l("会议已结束或已取消。"),
    "meeting_not_yet": _l("会议还没有开始。"),
    "meeting_called": _l("第 %(number)s 次圆桌会议已召集，请查看议程。"),
    "meeting_minutes": _l("第 %(number)s 次圆桌会议纪要已发布。"),
    "item_not_found": _l("没有找到这个议题。"),
    "choice_missing": _l("请选择赞成、反对或弃权。"),
    "vote_without_quorum": _l("未达到法定人数：已表决 %(cast)s 席，需要 %(quorum)s 席。"),
    "item_closed": _l("该议题已形成决议，不再表决。"),
    "vote_cast_by_seat": _l("%(seat)s 已自行表决，不能代为更改。"),
    "seat_not_on_roll": _l("%(seat)s 在本议题开始表决时还没有席位。"),
    "vote_entered_yes": _l(
        "第 %(number)s 次圆桌会议第 %(item)s 项：秘书代贵席登记为赞成；如不符请自行表决更正。"
    ),
    "vote_entered_no": _l(
        "第 %(number)s 次圆桌会议第 %(item)s 项：秘书代贵席登记为反对；如不符请自行表决更正。"
    ),
    "vote_entered_abstain": _l(
        "第 %(number)s 次圆桌会议第 %(item)s 项：秘书代贵席登记为弃权；如不符请自行表决更正。"
    ),
    "vote_not_carried": _l("表决未通过，不能形成决议。"),
    "resolution_not_found": _l("没有找到这项决议。"),
    "resolution_owned": _l("贵机构负责一项决议，期限 %(on)s：%(text)s"),
    "resolution_due_soon": _l("决议将于 %(on)s 到期：%(text)s"),
    "resolution_overdue": _l("决议已逾期（%(on)s）：%(text)s"),
}
AGENDA_KINDS = {
    "overdue": _l("逾期决议"),
    "overdue_problem": _l("久未解决的问题"),
    "alert": _l("预警"),
    "initiative": _l("协同行动"),
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


def agenda_title(kind: str, params: Mapping[str, Any], title: str = "") -> str:
    """Return what an agenda item is about, in the reader's language."""
    if kind == "concern":
        topic = params["topic"]
        if params.get("by") == "segment":
            topic = sources.segment_name(topic)
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
        name = sources.segment_name(params["segment"])
        return _("薄弱环节「%(segment)s」排第 %(rank)s", segment=name, rank=params["rank"])
    if kind == "refused_demand":
        return _(
            "「%(topic)s」预约 %(refusals)s 次未满足，共 %(hours)s 小时",
            topic=sources.instrument_class(params["topic"]),
            refusals=params["refusals"],
            hours=units.number(params["hours"], 1),
        )
    if kind == "initiative":
        return _("外部因素「%(factor)s」：%(title)s", factor=params["factor"], title=params["title"])
    if kind == "overdue_problem":
        return _("问题 %(number)s 超时 %(days)s 天", number=params["number"], days=params["days"])
    if kind == "alert":
        return language.message(**_said(params["said"]))
    if kind == "overdue":
        return _("决议逾期 %(days)s 天：%(text)s", days=params["days"], text=params.get("text", ""))
    return title


def _said(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sentence of another room as `language.message` takes it."""
    return {"code": said["code"], "params": {name: part for name, part in said.items() if name != "code"}}


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
    if kind == "initiative":
        late = params.get("late", 0)
        return _("有 %(num)s 项交付逾期", num=late) if late else _("需要一位牵头人和几家分头交付")
    if kind == "overdue_problem":
        return _("涉及 %(num)s 个部门", num=params["departments"])
    if kind == "alert":
        measures = params.get("measures", 0)
        return _("已有 %(num)s 项对策", num=measures) if measures else _("还没有对策")
    if kind == "refused_demand":
        return _("涉及 %(firms)s 家企业，计入需求证据", firms=params["firms"])
    return ""


def hint_of_meeting(
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
