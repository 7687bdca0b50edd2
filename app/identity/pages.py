"""The room's two blueprints: its pages and its calls."""

from __future__ import annotations

from flask import Blueprint

from app.hall.api.blueprint import api_blueprint

bp = Blueprint("identity", __name__)
api = api_blueprint("identity")
