"""The room's two blueprints: its pages and its calls."""

from __future__ import annotations

from flask import Blueprint

from app.hall.api.blueprint import api_blueprint

bp = Blueprint("credits", __name__, url_prefix="/credits")
api = api_blueprint("credits")
