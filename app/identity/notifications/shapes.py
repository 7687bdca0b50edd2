"""What the calls of notifications answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import MomentText


class Notification(TypedDict):
    id: int
    code: str
    text: str
    url: str
    created_at: MomentText
    read_at: MomentText | None


class NotificationsRead(TypedDict):
    read: bool


class NotificationRead(TypedDict):
    id: int
    read: bool
