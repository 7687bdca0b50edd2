"""The sentences of the offline queue that have a code."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "offline_unknown_kind": _l("服务器不认识这类离线记录，请更新页面。"),
    "offline_unreadable": _l("离线记录无法读取。"),
    "offline_too_large": _l("离线记录超过 %(most)s kB。"),
    "offline_key_reused": _l("同一编号已上传过另一份内容。"),
    "offline_no_receipt": _l("没有找到这条离线记录。"),
}
