"""The sentences about matches: states, reasons, what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.ecosystem import sources
from app.hall.text import units

MESSAGES = {
    "match_not_found": _l("没有找到这条撮合建议。"),
    "not_your_match": _l("只有撮合双方可以答复。"),
    "match_closed": _l("这条撮合建议已有结果，不能再答复。"),
    "match_lapsed": _l("这条撮合建议已过答复期限。"),
    "already_answered": _l("贵方已经答复过，正在等待对方。"),
    "match_proposed": _l("有一条新的撮合建议，请查看理由并答复。"),
    "match_asked": _l("有一方愿意与贵方对接，请答复。"),
    "match_declined": _l("一条撮合建议对方选择了暂不对接。"),
}
MATCH_STATES = {
    "proposed": _l("待双方答复"),
    "asked": _l("一方已愿意"),
    "mutual": _l("双方愿意"),
    "introduced": _l("已对接"),
    "declined": _l("暂不对接"),
    "lapsed": _l("逾期失效"),
}


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
        return _("同属「%(segment)s」环节", segment=sources.segment_name(params.get("segment")))
    if code in ("segment_feeds", "segment_next"):
        names = {key: sources.segment_name(params.get(key)) for key in ("input", "output")}
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


def hint_of_match(open_: bool, side: str, mine: bool | None, theirs: bool | None, introduced: bool) -> str:
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
