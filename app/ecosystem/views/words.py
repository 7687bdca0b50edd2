"""What the templates of this room may say: names of states, tones, reasons."""

from __future__ import annotations

import datetime as dt
from typing import Any

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


bp.add_app_template_filter(month_label, "month_label")
bp.add_app_template_filter(kind_label, "kind_label")
