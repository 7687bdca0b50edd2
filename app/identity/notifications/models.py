"""The inbox of a member."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class Notification(Base):
    """A message in a member's inbox, kept as a code and its parameters: shown in the reader's language."""

    __tablename__ = "notification"
    __table_args__ = (sa.Index("ix_notification_inbox", "member_id", "read_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    code: Mapped[str]
    params: Mapped[dict[str, Any]]
    url: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime]
    read_at: Mapped[dt.datetime | None]
