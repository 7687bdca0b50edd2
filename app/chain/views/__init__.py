"""Pages of the chain room."""

from flask import Blueprint

bp = Blueprint("chain", __name__, url_prefix="/chain")

from app.chain.views import atlas, files, makers, partners, pipeline, scenarios, weak  # noqa: E402

__all__ = ["atlas", "bp", "files", "makers", "partners", "pipeline", "scenarios", "weak"]
