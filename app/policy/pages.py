"""The room's one blueprint of pages and its API."""

from __future__ import annotations

from flask import Blueprint

from app.hall.api.blueprint import api_blueprint

bp = Blueprint("policy", __name__, url_prefix="/policy")
api = api_blueprint("policy")
