"""The sentences about gaps and what could fill them."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.ecosystem import sources
from app.ecosystem.gaps.rules import Filler
from app.hall.text import language, units

MESSAGES = {
    "gap_not_found": _l("没有找到这个环节或月份。"),
}
FILLER_KINDS = {
    "prospect": _l("可引进企业"),
    "equipment": _l("闲置设备"),
    "patent": _l("可用专利"),
    "talent": _l("共享人才"),
    "offer": _l("企业供给"),
}


def filler_reason(filler: Filler) -> str:
    """Return why something could fill a gap."""
    if filler.code == "stands_on":
        name = sources.segment_name(filler.params["segment"])
        if filler.params.get("adds_wan"):
            return _(
                "正在「%(segment)s」环节，可增加产出 %(wan)s 万元",
                segment=name,
                wan=units.wan_figure(filler.params["adds_wan"], language.lang()),
            )
        return _("正在「%(segment)s」环节", segment=name)
    return _("内容涉及：%(words)s", words=_("、").join(filler.params["words"]))


def hint_of_gap(found: Mapping[str, int], needs: int) -> str:
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
