"""The refusals about the park's own identity."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {"park_name_needed": _l("填写英文名称时，也请填写中文名称。")}
