"""What the calls about messages take."""

from __future__ import annotations

from pydantic import Field

from app.hall.api.fields import ApiModel, PageQuery


class NotificationQuery(PageQuery):
    unread: bool = False


class NotificationPath(ApiModel):
    notification_id: int = Field(ge=1, le=2**62)
