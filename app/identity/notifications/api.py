"""My messages over the API."""

from __future__ import annotations

from app.hall.api.blueprint import listed
from app.hall.api.shapes import Listed
from app.hall.text.language import message
from app.hall.web.guards import current_actor, signed_in
from app.identity.notifications import service as notifications
from app.identity.notifications import shapes
from app.identity.notifications.models import Notification
from app.identity.notifications.schemas import NotificationPath, NotificationQuery
from app.identity.pages import api


@api.get("/notifications")
@signed_in
def list_notifications(query: NotificationQuery) -> Listed[shapes.Notification]:
    """My messages, newest first."""
    rows, total = notifications.slice_notifications(current_actor(), query.limit, query.offset, query.unread)
    return listed([_notification(row) for row in rows], total)


@api.post("/notifications/<int:notification_id>/read")
@signed_in
def read_notification(path: NotificationPath) -> shapes.NotificationRead:
    """Mark one message as read."""
    notifications.mark_read(current_actor(), path.notification_id)
    return {"id": path.notification_id, "read": True}


@api.post("/notifications/read")
@signed_in
def read_all_notifications() -> shapes.NotificationsRead:
    """Mark all messages as read."""
    notifications.mark_all_read(current_actor())
    return {"read": True}


def _notification(row: Notification) -> shapes.Notification:
    return {
        "id": row.id,
        "code": row.code,
        "text": message(row.code, row.params),
        "url": row.url,
        "created_at": row.created_at.isoformat(),
        "read_at": row.read_at.isoformat() if row.read_at else None,
    }
