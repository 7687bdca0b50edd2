"""Receipts of what phones sent: one for every key, for good."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class OfflineReceipt(Base):
    """An entry of a phone arrived: done as it says, or kept whole beside what stood in its way."""

    __tablename__ = "offline_receipt"
    __table_args__ = (
        sa.UniqueConstraint("member_id", "key"),
        sa.CheckConstraint("state IN ('accepted', 'kept', 'settled')", name="state"),
        sa.Index("ix_offline_receipt_member_id_received_at", "member_id", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    key: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    digest: Mapped[str]
    state: Mapped[str]
    body: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    file_name: Mapped[str] = mapped_column(default="")
    reasons: Mapped[list[str]] = mapped_column(default=list)
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[dt.datetime]
    received_at: Mapped[dt.datetime]
    late: Mapped[bool] = mapped_column(default=False)
