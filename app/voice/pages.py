"""The blueprints of the room, and the labels its templates look up."""

from __future__ import annotations

from types import SimpleNamespace

from flask import Blueprint

from app.hall.api.blueprint import api_blueprint
from app.problems.door import CATEGORY_NAMES
from app.voice import words

bp = Blueprint("voice", __name__, url_prefix="/voice")
api = api_blueprint("voice")
# The form behind a token has a short address: it stands on paper and in a QR code.
sheet_bp = Blueprint("voice_s", __name__, url_prefix="/s")
sheet_api = api_blueprint("voice", "s")
LABELS = SimpleNamespace(**{name: value for name, value in vars(words).items() if name.isupper()})


@bp.context_processor
def labels() -> dict[str, object]:
    """Give every template of the room its labels."""
    return {"w": LABELS, "problem_categories": CATEGORY_NAMES}
