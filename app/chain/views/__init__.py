"""Pages of the chain room."""

from flask import Blueprint

bp = Blueprint("chain", __name__, url_prefix="/chain")

from app.chain.views import (  # noqa: E402  # noqa: E402
    atlas,
    changes,
    files,
    makers,
    partners,
    pipeline,
    scenarios,
    strength,
    weak,
    what_if,
)

__all__ = [
    "atlas", "bp", "changes", "files", "makers", "partners", "pipeline", "scenarios", "strength", "weak", "what_if",
]  # fmt: skip
