"""The sentences about signals."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.ecosystem import sources
from app.ecosystem.signals.models import Signal
from app.hall.text import language, units

MESSAGES = {
    "signal_incomplete": _l("请选择类型并写明内容。"),
    "signal_in_future": _l("发生日期不能晚于今天。"),
    "signal_not_found": _l("没有找到这条诉求。"),
}
SIGNAL_KINDS = {
    "complaint": _l("意见反馈"),
    "visit": _l("走访记录"),
    "survey": _l("问卷"),
    "refused_booking": _l("预约未满足"),
    "tea_talk": _l("下午茶"),
    "shadowing": _l("跟岗"),
    "repair": _l("报修单"),
}
TYPED_KINDS = frozenset({"complaint", "visit", "survey"})  # the others come from the platform itself


def signal_text(row: Signal) -> str:
    """Return what a signal says; what the system noted about refused bookings, in the reader's language."""
    if row.kind == "refused_booking" and row.topic and language.lang() != "zh":
        topic = sources.instrument_class(row.topic)
        return _("%(topic)s：共 %(hours)s 小时预约未能满足", topic=topic, hours=units.hours(row.minutes))
    return str(row.text)
