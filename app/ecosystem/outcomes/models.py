"""What came of an introduction, counted once it is confirmed."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class Outcome(Base):
    """What came of it, in thousandths of its unit: counts only once the one who got it confirmed it."""

    __tablename__ = "outcome"
    __table_args__ = (
        sa.CheckConstraint("confirmed_by <> recorded_by", name="four_eyes"),
        sa.CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        sa.CheckConstraint("NOT (confirmed_at IS NOT NULL AND contested_at IS NOT NULL)", name="one_answer"),
        sa.Index("ix_outcome_introduction_id", "introduction_id"),
        sa.Index("ix_outcome_confirmed_at", "confirmed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    introduction_id: Mapped[int] = mapped_column(sa.ForeignKey("introduction.id"))
    metric: Mapped[str]
    baseline_milli: Mapped[int]
    actual_milli: Mapped[int]
    unit: Mapped[str]
    period: Mapped[str]
    beneficiary_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    recorded_at: Mapped[dt.datetime]
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    confirmed_at: Mapped[dt.datetime | None]
    contested_at: Mapped[dt.datetime | None]
    contested_reason: Mapped[str] = mapped_column(server_default="", default="")
