"""The blueprint under /api/v1/sharing; its calls live in the other `api_*` modules."""

from __future__ import annotations

from app.api import api_blueprint

api = api_blueprint("sharing")
