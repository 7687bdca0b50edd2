"""The desk: home page, what waits for me, search across the rooms, messages."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.identity.service import notifications
from app.identity.views import bp
from app.language import message
from app.rooms import Hit, rooms
from app.web import current_actor, flash_ok, redirect_back, safe_next, signed_in

HITS_PER_KIND = 8
SUGGESTIONS = 8
ROOM_ICONS = {
    "identity": "building-community",
    "credits": "coins",
    "chain": "topology-star-3",
    "sharing": "packages",
    "ecosystem": "arrows-exchange",
}
NOTE_ICONS = (
    (("booking", "waitlist", "outage", "schedule", "slot", "usage", "settlement"), "calendar-time"),
    (("claim", "credit", "proposal", "redemption", "reward", "appeal", "lot"), "coins"),
    (
        ("match", "introduction", "need", "offer", "outcome", "meeting", "resolution", "project", "pack"),
        "heart-handshake",
    ),
    (("licence", "placement", "resource", "qualification"), "packages"),
    (("enterprise", "member", "invitation", "password"), "building-community"),
    (("chain", "prospect", "segment", "supply"), "topology-star-3"),
)


def note_icon(code: str) -> str:
    return next((icon for words, icon in NOTE_ICONS if any(word in code for word in words)), "bell")


def _greeting() -> str:
    hour = clock.local(clock.now()).hour
    if hour < 5 or hour >= 22:
        return _("夜深了")
    if hour < 11:
        return _("早上好")
    if hour < 13:
        return _("中午好")
    return _("下午好") if hour < 18 else _("晚上好")


@bp.get("/identity/")
@signed_in
def front() -> Any:
    """The room's own address leads to the home page."""
    return redirect(url_for("identity.home"))


@bp.get("/")
@signed_in
def home() -> Any:
    actor = current_actor()
    todos = [todo for room in rooms() for todo in room.todos(actor)]
    figures = [figure for room in rooms() for figure in room.figures(actor)]
    recent = notifications.list_notifications(actor, per_page=5)
    return render_template(
        "identity/home.html",
        greeting=_greeting(),
        todos=todos,
        figures=figures[:8],
        recent=recent.items,
        message=message,
        note_icon=note_icon,
    )


@bp.get("/identity/todo")
@signed_in
def todo() -> Any:
    actor = current_actor()
    groups = [(room, list(room.todos(actor))) for room in rooms()]
    return render_template(
        "identity/todo.html", groups=[(room, todos) for room, todos in groups if todos], icons=ROOM_ICONS
    )


@bp.get("/identity/search")
@signed_in
def search() -> Any:
    actor = current_actor()
    q = request.args.get("q", "").strip()[:100]
    groups: dict[tuple[str, str], list[Hit]] = {}
    if q:
        for room in rooms():
            for hit in room.search(actor, q):
                groups.setdefault((room.name, str(hit.kind)), []).append(hit)
    if request.headers.get("HX-Request"):
        first = [(ROOM_ICONS[room], kind, hit) for (room, kind), hits in groups.items() for hit in hits[:3]]
        return render_template("identity/_suggestions.html", q=q, first=first[:SUGGESTIONS])
    return render_template(
        "identity/search.html",
        q=q,
        groups=[(ROOM_ICONS[room], kind, hits[:HITS_PER_KIND]) for (room, kind), hits in groups.items()],
        total=sum(len(hits[:HITS_PER_KIND]) for hits in groups.values()),
    )


@bp.get("/identity/notifications", endpoint="notifications")
@signed_in
def notification_list() -> Any:
    unread_only = request.args.get("show") == "unread"
    number = min(max(1, request.args.get("page", 1, int) or 1), 100_000)
    page = notifications.list_notifications(current_actor(), number, 20, unread_only)
    return render_template(
        "identity/notifications.html",
        page=page,
        unread_only=unread_only,
        message=message,
        note_icon=note_icon,
    )


@bp.get("/identity/notifications/<int:notification_id>")
@signed_in
def open_notification(notification_id: int) -> Any:
    """Mark as read and go where the message leads."""
    url = notifications.mark_read(current_actor(), notification_id)
    return redirect(safe_next(url) or url_for("identity.notifications"))


@bp.post("/identity/notifications/<int:notification_id>/read")
@signed_in
def read_notification(notification_id: int) -> Any:
    notifications.mark_read(current_actor(), notification_id)
    return redirect_back("identity.notifications")


@bp.post("/identity/notifications/read")
@signed_in
def read_all_notifications() -> Any:
    notifications.mark_all_read(current_actor())
    flash_ok(_("已全部标为已读。"))
    return redirect(url_for("identity.notifications"), 303)
