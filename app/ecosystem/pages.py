"""The blueprints of the room, and what its templates may say: names of states, tones, reasons."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

from flask import Blueprint

from app.ecosystem import sources, words
from app.ecosystem.committee import words as committee_words
from app.ecosystem.gaps import words as gaps_words
from app.ecosystem.initiatives import words as initiatives_words
from app.ecosystem.introductions import words as introductions_words
from app.ecosystem.market import words as market_words
from app.ecosystem.matches import words as matches_words
from app.ecosystem.outcomes import words as outcomes_words
from app.ecosystem.packs import words as packs_words
from app.ecosystem.projects import words as projects_words
from app.ecosystem.round_table import words as round_table_words
from app.ecosystem.scorecard import words as scorecard_words
from app.ecosystem.signals import words as signals_words
from app.hall.api.blueprint import api_blueprint

bp = Blueprint("ecosystem", __name__, url_prefix="/ecosystem")
api = api_blueprint("ecosystem")
#: Labels the templates look up, by the name of their table.
LABELS = SimpleNamespace(
    AGENDA_KINDS=round_table_words.AGENDA_KINDS,
    CHOICES=round_table_words.CHOICES,
    FILLER_KINDS=gaps_words.FILLER_KINDS,
    FLAGS=market_words.FLAGS,
    INITIATIVE_STATES=initiatives_words.INITIATIVE_STATES,
    INITIATIVE_TONES=initiatives_words.INITIATIVE_TONES,
    INTRODUCTION_STATES=introductions_words.INTRODUCTION_STATES,
    KINDS=market_words.KINDS,
    MATCH_STATES=matches_words.MATCH_STATES,
    MEETING_STATES=round_table_words.MEETING_STATES,
    ORIGINS=introductions_words.ORIGINS,
    PACK_ICONS=packs_words.PACK_ICONS,
    PACK_KINDS=packs_words.PACK_KINDS,
    PACK_STATES=packs_words.PACK_STATES,
    PRESENCE_NAMES=round_table_words.PRESENCE_NAMES,
    PACK_TONES=packs_words.PACK_TONES,
    POST_STATES=market_words.POST_STATES,
    RESOLUTION_STATES=round_table_words.RESOLUTION_STATES,
    SCORES=scorecard_words.SCORES,
    SIGNAL_KINDS=signals_words.SIGNAL_KINDS,
    STAGES=projects_words.STAGES,
    TONES=words.TONES,
    VISIBILITIES=market_words.VISIBILITIES,
    filler_reason=gaps_words.filler_reason,
)


@bp.context_processor
def labels() -> dict[str, object]:
    """Give every template of the room its labels."""
    return {"w": LABELS, "segment_name": sources.segment_name, "reason_text": matches_words.reason_text}


def month_label(day: dt.date) -> str:
    """Return a month as people say it."""
    return f"{day:%Y-%m}"


bp.add_app_template_global(market_words.post_state, "post_state")
bp.add_app_template_filter(matches_words.reason_text, "reason_text")
bp.add_app_template_filter(outcomes_words.unit_name, "unit_name")
bp.add_app_template_filter(outcomes_words.amount_text, "outcome_text")
bp.add_app_template_filter(signals_words.signal_text, "signal_text")
bp.add_app_template_filter(month_label, "month_label")
bp.add_app_template_filter(committee_words.kind_label, "kind_label")
