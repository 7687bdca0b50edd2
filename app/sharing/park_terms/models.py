"""What the park decides for everything shared, and who may not book for a while."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class Suspension(Base):
    """A member may not book for a while (after no-shows, or by the park's decision)."""

    __tablename__ = "suspension"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    until_at: Mapped[dt.datetime]
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime]
    lifted_at: Mapped[dt.datetime | None]


class SharingTerms(Base):
    """What the park decides for all resources: exactly one row."""

    __tablename__ = "sharing_terms"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="single"),
        sa.CheckConstraint("credit_share_ratio BETWEEN 0 AND 1", name="share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_share_ratio: Mapped[float] = mapped_column(default=0.3)
    credit_value_fen: Mapped[int] = mapped_column(default=100)
    no_show_limit: Mapped[int] = mapped_column(default=0)
    suspension_days: Mapped[int] = mapped_column(default=14)
    offer_minutes: Mapped[int] = mapped_column(default=120)
    no_show_grace_minutes: Mapped[int] = mapped_column(default=2880)
    dispute_days: Mapped[int] = mapped_column(default=7)
    absent_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    payment_days: Mapped[int] = mapped_column(default=30, server_default="30")
