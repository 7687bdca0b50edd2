"""The blueprints of the room, and the labels its templates look up."""

from __future__ import annotations

from types import SimpleNamespace

from flask import Blueprint

from app.hall.api.blueprint import api_blueprint
from app.problems import words
from app.problems.reports.categories import CATEGORIES

bp = Blueprint("problems", __name__)
api = api_blueprint("problems")
LABELS = SimpleNamespace(
    ACTS=words.ACTS,
    CATEGORIES=words.CATEGORIES,
    CLASSES=words.CLASSES,
    CLASS_ICONS=words.CLASS_ICONS,
    CLASS_SHORT=words.CLASS_SHORT,
    CLASS_TONES=words.CLASS_TONES,
    CLOCKS=words.CLOCKS,
    CLOCK_STATES=words.CLOCK_STATES,
    DOTS=words.DOTS,
    FIGURES=words.FIGURES,
    HAVES=words.HAVES,
    LAYERS=words.LAYERS,
    ICONS={code: one.icon for code, one in CATEGORIES.items()},
    PLAYBOOK_STATES=words.PLAYBOOK_STATES,
    SOLVED=words.SOLVED,
    STATES=words.STATES,
    STEPS=words.STEPS,
    COLUMNS=words.COLUMNS,
    SUBJECTS=words.SUBJECTS,
    SUBJECT_STATES=words.SUBJECT_STATES,
    SUBJECT_TONES=words.SUBJECT_TONES,
    WHY=words.WHY,
)


@bp.context_processor
def labels() -> dict[str, object]:
    """Give every template of the room its labels."""
    return {"w": LABELS}
