"""The pages of the ecosystem room, one file per subject."""

from flask import Blueprint

bp = Blueprint("ecosystem", __name__, url_prefix="/ecosystem")

from app.ecosystem.views import introductions, market, matches  # noqa: E402, F401  (they add their routes to bp)
from app.ecosystem.views import words as words  # noqa: E402
