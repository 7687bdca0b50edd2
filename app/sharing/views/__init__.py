"""Pages of the sharing room: catalogue, timeline, my bookings, the owner's desk, and what surrounds them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.sharing import messages
from app.sharing.calendar import clock_text
from app.sharing.park_time import moment_of

bp = Blueprint("sharing", __name__, url_prefix="/sharing")

NAMES: dict[str, Any] = {
    "kind": messages.KIND_NAMES,
    "category": messages.CATEGORY_NAMES,
    "state": messages.STATE_NAMES,
    "waitlist": messages.WAITLIST_NAMES,
    "billing": messages.BILLING_NAMES,
    "rule": messages.RULE_NAMES,
    "approval": messages.APPROVAL_NAMES,
    "outage": messages.OUTAGE_NAMES,
    "group": messages.GROUP_NAMES,
    "licence": messages.LICENCE_NAMES,
    "placement": messages.PLACEMENT_NAMES,
    "reason": messages.REASON_NAMES,
    "basis": messages.BASIS_NAMES,
    "weekday": messages.WEEKDAY_NAMES,
}


@bp.app_template_filter("sharing_name")
def sharing_name(value: Any, of: str) -> str:
    """The word for a state, kind or rule in the reader's language; owners' own words stay as they are."""
    return str(NAMES[of].get(value, value))


@bp.app_template_filter("sharing_tone")
def sharing_tone(state: str) -> str:
    return messages.STATE_TONES.get(state, "")


bp.add_app_template_filter(clock_text, "sharing_clock")
bp.add_app_template_filter(moment_of, "park_moment")

from app.sharing.views import (  # noqa: E402
    bookings,
    catalogue,
    desk,
    figures,
    files,
    lending,
    owning,
    planning,
    pools,
    qualifications,
    timeline,
    upkeep,
)  # fmt: skip

__all__ = [
    "bookings", "bp", "catalogue", "desk", "figures", "files", "lending", "owning", "planning", "pools", "qualifications",
    "timeline", "upkeep",
]  # fmt: skip
