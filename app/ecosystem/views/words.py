"""What the templates of this room may say: names of states, tones, reasons."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import language, units
from app.ecosystem import messages
from app.ecosystem.service import around
from app.ecosystem.views import bp


@bp.context_processor
def words() -> dict[str, Any]:
    return {"w": messages, "segment_name": around.segment_name, "reason_text": messages.reason_text}


def post_state(row: Any) -> str:
    """Return the state of a post as people call it: a draft that was handed in is in review."""
    return "review" if row.state == "draft" and row.submitted_at else str(row.state)


bp.add_app_template_global(post_state, "post_state")
bp.add_app_template_filter(messages.reason_text, "reason_text")


def month_label(day: dt.date) -> str:
    """Return a month as people say it."""
    return f"{day:%Y-%m}"


def kind_label(kind: str) -> str:
    """Return what kind of organisation somebody stands for."""
    return str(messages.SEAT_KINDS.get(kind, kind))


#: The units the forms propose; what else people write stays as it is.
UNITS = {
    "万元": _l("万元"),
    "元": _l("元"),
    "小时": _l("小时"),
    "天": _l("天"),
    "件": _l("件"),
    "吨": _l("吨"),
}


def unit_name(unit: str) -> str:
    """Return a unit of outcomes in the reader's language."""
    return str(UNITS.get(unit, unit))


def signal_text(row: Any) -> str:
    """Return what a signal says; what the system noted about refused bookings, in the reader's language."""
    if row.kind == "refused_booking" and row.topic and language.lang() != "zh":
        topic = around.instrument_class(row.topic)
        return _("%(topic)s：共 %(hours)s 小时预约未能满足", topic=topic, hours=units.hours(row.minutes))
    return str(row.text)


bp.add_app_template_filter(unit_name, "unit_name")
bp.add_app_template_filter(signal_text, "signal_text")
bp.add_app_template_filter(month_label, "month_label")
bp.add_app_template_filter(kind_label, "kind_label")
