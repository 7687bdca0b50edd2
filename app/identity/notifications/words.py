"""The refusals about messages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "notification_not_found": _l("没有找到这条通知。"),
}
