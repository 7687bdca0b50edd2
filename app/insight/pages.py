"""The blueprints of the room, and the labels its templates look up."""

from __future__ import annotations

from types import SimpleNamespace

from flask import Blueprint, request

from app.hall.api.blueprint import api_blueprint
from app.hall.errors import Invalid
from app.hall.files.cells import BadCell
from app.insight import words
from app.insight.reading import read_month

bp = Blueprint("insight", __name__, url_prefix="/insight")
api = api_blueprint("insight")
LABELS = SimpleNamespace(
    ALERT_STATES=words.ALERT_STATES,
    CELLS=words.CELLS,
    CLASSES=words.CLASS_NAMES,
    FIGURES=words.FIGURES,
    LAYERS=words.LAYER_NAMES,
    OUTCOMES=words.OUTCOMES,
    REASONS=words.REASONS,
    SEEN=words.SEEN,
    SOURCES=words.SOURCE_NAMES,
    STATES=words.STATES,
    SAID=words.SAID_SOURCES,
    TONES=words.TONES,
    VERSIONS=words.VERSION_STATES,
)


@bp.context_processor
def labels() -> dict[str, object]:
    """Give every template of the room its labels."""
    return {"w": LABELS}


def month_of_address(name: str) -> int | None:
    """A month of the address; nothing where none was asked for."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        month = read_month(text)
    except BadCell:
        month = 0
    if not 2000 * 12 <= month < 2200 * 12:
        raise Invalid("insight_not_a_month", value=text[:20])
    return month
