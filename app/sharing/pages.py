"""The blueprints of the room's pages and API, and the words that its templates ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint

from app.hall.api.blueprint import api_blueprint
from app.sharing.bookings import words as booking_words
from app.sharing.calendar.park_time import moment_of
from app.sharing.calendar.rules import clock_text
from app.sharing.catalogue import words as catalogue_words
from app.sharing.lending import words as lending_words
from app.sharing.outages import words as outages_words
from app.sharing.use import words as use_words

bp = Blueprint("sharing", __name__, url_prefix="/sharing")
api = api_blueprint("sharing")

NAMES: dict[str, Mapping[Any, object]] = {
    "kind": catalogue_words.KIND_NAMES,
    "category": catalogue_words.CATEGORY_NAMES,
    "state": booking_words.STATE_NAMES,
    "waitlist": booking_words.WAITLIST_NAMES,
    "billing": catalogue_words.BILLING_NAMES,
    "rule": use_words.RULE_NAMES,
    "approval": catalogue_words.APPROVAL_NAMES,
    "outage": outages_words.OUTAGE_NAMES,
    "group": catalogue_words.GROUP_NAMES,
    "licence": lending_words.LICENCE_NAMES,
    "placement": lending_words.PLACEMENT_NAMES,
    "reason": booking_words.REASON_NAMES,
    "basis": catalogue_words.BASIS_NAMES,
    "weekday": catalogue_words.WEEKDAY_NAMES,
}


@bp.app_template_filter("sharing_name")
def sharing_name(value: object, of: str) -> str:
    """The word for a state, kind or rule in the reader's language; owners' own words stay as they are."""
    return str(NAMES[of].get(value, value))


@bp.app_template_filter("sharing_tone")
def sharing_tone(state: str) -> str:
    return booking_words.STATE_TONES.get(state, "")


bp.add_app_template_filter(clock_text, "sharing_clock")
bp.add_app_template_filter(moment_of, "park_moment")
