"""The inbox."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall.text.language import message
from app.hall.text.numbers import whole
from app.hall.web import undo
from app.hall.web.answers import flash_ok, redirect_back, safe_next
from app.hall.web.guards import current_actor, signed_in
from app.identity.notifications import service as notifications
from app.identity.notifications.icons import note_icon
from app.identity.pages import bp

MOST_UNDONE = 200  # what travels with the offer is kept short


@bp.get("/identity/notifications", endpoint="notifications")
@signed_in
def notification_list() -> ResponseReturnValue:
    unread_only = request.args.get("show") == "unread"
    number = min(max(1, request.args.get("page", 1, int) or 1), 100_000)
    page = notifications.list_notifications(current_actor(), number, 20, unread_only)
    return render_template(
        "identity/notifications/notifications.html",
        page=page,
        unread_only=unread_only,
        message=message,
        note_icon=note_icon,
    )


@bp.get("/identity/notifications/<int:notification_id>")
@signed_in
def open_notification(notification_id: int) -> ResponseReturnValue:
    """Mark as read and go where the message leads."""
    url = notifications.mark_read(current_actor(), notification_id)
    return redirect(safe_next(url) or url_for("identity.notifications"))


@bp.post("/identity/notifications/<int:notification_id>/read")
@signed_in
def read_notification(notification_id: int) -> ResponseReturnValue:
    notifications.mark_read(current_actor(), notification_id)
    return redirect_back("identity.notifications")


@bp.post("/identity/notifications/read")
@signed_in
def read_all_notifications() -> ResponseReturnValue:
    ids = notifications.mark_all_read(current_actor())
    if 0 < len(ids) <= MOST_UNDONE:
        back = {"ids": ",".join(map(str, ids))}
        undo.offer(_("已全部标为已读。"), url_for("identity.unread_notifications"), back)
    else:
        flash_ok(_("已全部标为已读。"))
    return redirect(url_for("identity.notifications"), 303)


@bp.post("/identity/notifications/unread")
@signed_in
def unread_notifications() -> ResponseReturnValue:
    """Takes back that everything was read, within the minute."""
    ids = [whole(text) for text in str(undo.given()["ids"]).split(",")]
    notifications.mark_unread(current_actor(), [number for number in ids if number is not None])
    flash_ok(_("已撤销。"))
    return redirect(url_for("identity.notifications"), 303)
