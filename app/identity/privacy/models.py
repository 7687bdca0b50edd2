"""Who agreed to what, and who took it back."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class PersonalConsent(Base):
    """A member's word on one purpose as it stands; how it came to be is in the audit trail."""

    __tablename__ = "personal_consent"
    __table_args__ = (sa.UniqueConstraint("member_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    purpose: Mapped[str]
    given_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]


class Erasure(Base):
    """The words of one person go for good: asked by one administrator, decided by another, done in portions."""

    __tablename__ = "erasure"
    __table_args__ = (
        sa.CheckConstraint("state IN ('asked', 'agreed', 'done', 'refused')", name="state"),
        sa.CheckConstraint("decided_by_id <> asked_by_id AND decided_by_id <> member_id", name="four_eyes"),
        sa.CheckConstraint("asked_by_id <> member_id", name="not_oneself"),
        sa.CheckConstraint("(state = 'asked') = (decided_by_id IS NULL)", name="decided"),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        sa.Index(
            "uq_erasure_standing",
            "member_id",
            unique=True,
            sqlite_where=sa.text("state <> 'refused'"),
            postgresql_where=sa.text("state <> 'refused'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    state: Mapped[str]
    reason: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    asked_at: Mapped[dt.datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    decided_at: Mapped[dt.datetime | None]
    rows: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[dt.datetime | None]
