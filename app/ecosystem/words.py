"""Sentences and tones that several features share."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "ecosystem_step_refused": _l("当前状态不允许这一步。"),
    "ecosystem_readers": _l("您的角色可以查看，但不能更改。"),
    "ecosystem_note_missing": _l("请写明理由或内容。"),
    "only_matchmakers": _l("仅园区招商专员、委员会秘书和园区管理员可以进行此操作。"),
    "only_secretary": _l("仅委员会秘书和园区管理员可以进行此操作。"),
}
#: How a state looks; what is not named here is grey.
TONES = {
    "published": "pri",
    "engaged": "ok",
    "satisfied": "ok",
    "review": "warn",
    "asked": "pri",
    "introduced": "ok",
    "mutual": "ok",
    "verified": "ok",
    "stalled": "warn",
    "lost": "bad",
    "declined": "",
    "agreed": "ok",
    "delivering": "pri",
    "met": "pri",
    "negotiating": "pri",
    "overdue": "bad",
    "done": "ok",
    "held": "ok",
    "planned": "pri",
    "production": "ok",
    "shared": "ok",
}
