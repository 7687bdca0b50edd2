"""The pages of the ecosystem room, one file per subject."""

from flask import Blueprint

bp = Blueprint("ecosystem", __name__, url_prefix="/ecosystem")

# Each of these files adds its routes to `bp`.
from app.ecosystem.views import committee as committee  # noqa: E402
from app.ecosystem.views import gaps as gaps  # noqa: E402
from app.ecosystem.views import introductions as introductions  # noqa: E402
from app.ecosystem.views import market as market  # noqa: E402
from app.ecosystem.views import matches as matches  # noqa: E402
from app.ecosystem.views import packs as packs  # noqa: E402
from app.ecosystem.views import projects as projects  # noqa: E402
from app.ecosystem.views import scorecard as scorecard  # noqa: E402
from app.ecosystem.views import signals as signals  # noqa: E402
from app.ecosystem.views import words as words  # noqa: E402
