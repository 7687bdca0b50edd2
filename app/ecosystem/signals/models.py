"""Something heard or refused, kept as evidence."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class Signal(Base):
    """Something heard or refused, kept as evidence: a complaint, a visit remark, a refused booking."""

    __tablename__ = "signal"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('complaint', 'visit', 'survey', 'refused_booking', 'tea_talk', 'shadowing', 'repair')",
            name="kind",
        ),
        sa.CheckConstraint("minutes >= 0", name="minutes"),
        sa.UniqueConstraint("source"),
        sa.Index("ix_signal_occurred_on", "occurred_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    text: Mapped[str]
    topic: Mapped[str] = mapped_column(server_default="", default="")
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    segment: Mapped[str | None]
    resource_id: Mapped[int | None]
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("post.id"))
    minutes: Mapped[int] = mapped_column(server_default="0", default=0)
    occurred_on: Mapped[dt.date]
    source: Mapped[str | None]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]


class SignalTag(Base):
    """One tag of a signal."""

    __tablename__ = "signal_tag"

    signal_id: Mapped[int] = mapped_column(sa.ForeignKey("signal.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)
