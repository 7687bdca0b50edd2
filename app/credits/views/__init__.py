"""Pages of the credits room."""

from flask import Blueprint

bp = Blueprint("credits", __name__, url_prefix="/credits")

from app.credits.views import account, claims, park, proposals, redemptions, review, rules  # noqa: E402  (they add their routes to bp)

__all__ = ["account", "bp", "claims", "park", "proposals", "redemptions", "review", "rules"]
