"""What the frame of every page shows: navigation by role, balance, unread messages, who is signed in."""

from __future__ import annotations

from typing import Any

from flask import has_request_context, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import language
from app.rooms import GROUPS, NavItem, rooms


def group_label(group: str) -> str:
    return {
        "desk": _("工作台"),
        "chain": _("产业链"),
        "sharing": _("资源共享"),
        "ecosystem": _("生态协同"),
        "credits": _("创新积分"),
        "park": _("园区管理"),
    }[group]


def frame() -> dict[str, Any]:
    empty: dict[str, Any] = {
        "nav": [],
        "bottom_nav": [],
        "me": None,
        "balance": None,
        "unread": 0,
        "other_lang_url": "",
    }
    if not has_request_context():
        return empty
    other = "en" if language.lang() == "zh" else "zh"
    here = request.full_path.rstrip("?") if request.method == "GET" else request.path
    empty["other_lang_url"] = url_for("identity.set_language", lang=other, next=here)
    if not current_user or not current_user.is_authenticated:
        return empty
    actor = current_user.actor
    items = [
        item
        for room in rooms()
        for item in room.nav
        if item.roles is None or actor.has(*item.roles)
    ]  # fmt: skip
    groups: list[dict[str, Any]] = [
        {
            "key": group,
            "label": group_label(group),
            "items": [_line(item, actor) for item in items if item.group == group],
        }
        for group in GROUPS
    ]
    _mark_current([line for group in groups for line in group["items"]])
    balance = next((room.balance(actor) for room in rooms() if room.balance), None)
    return {
        "nav": [group for group in groups if group["items"]],
        "bottom_nav": [line for group in groups for line in group["items"] if line["bottom"]][:5],
        "me": current_user.card(),
        "balance": balance,
        "unread": current_user.unread(),
        "other_lang_url": empty["other_lang_url"],
    }


def _line(item: NavItem, actor: Any) -> dict[str, Any]:
    url = url_for(item.endpoint)
    return {
        "endpoint": item.endpoint,
        "url": url,
        "icon": item.icon,
        "label": str(item.label),
        "short": str(item.short or item.label),
        "active": False,
        "bottom": item.bottom,
        "badge": item.badge(actor) if item.badge else 0,
    }


def _mark_current(lines: list[dict[str, Any]]) -> None:
    """Only the line whose address fits the page best is the current one."""
    fitting = [
        line
        for line in lines
        if line["url"] == request.path or request.path.startswith(line["url"].rstrip("/") + "/")
    ]
    best = max(fitting, key=lambda line: len(line["url"]), default=None)
    if best is not None and (best["url"] != "/" or request.path == "/"):
        best["active"] = True
