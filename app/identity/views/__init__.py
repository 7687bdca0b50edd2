"""Pages of the identity room: the doors, the desk, one's account, colleagues, and the park's own pages."""

from __future__ import annotations

from flask import Blueprint

from app.identity.views import words

bp = Blueprint("identity", __name__)
bp.add_app_template_filter(words.action_name)
bp.add_app_template_filter(words.subject_name)
bp.add_app_template_filter(words.device)

from app.identity.views import account, colleagues, desk, doors, park  # noqa: E402

__all__ = ["account", "bp", "colleagues", "desk", "doors", "park"]
