"""The blueprints of the room, and the labels its templates look up."""

from __future__ import annotations

from types import SimpleNamespace

from flask import Blueprint

from app.hall.api.blueprint import api_blueprint
from app.upkeep import words

bp = Blueprint("upkeep", __name__)
api = api_blueprint("upkeep")
LABELS = SimpleNamespace(
    MACHINE_STATES=words.MACHINE_STATES,
    MACHINE_TONES=words.MACHINE_TONES,
    ORDER_STATES=words.ORDER_STATES,
    ORDER_TONES=words.ORDER_TONES,
    CAUSES=words.CAUSES,
    CONDITIONS=words.CONDITIONS,
    CONDITION_TONES=words.CONDITION_TONES,
    PLANNED=words.PLANNED,
)


@bp.context_processor
def labels() -> dict[str, object]:
    """Give every template of the room its labels."""
    return {"w": LABELS}
