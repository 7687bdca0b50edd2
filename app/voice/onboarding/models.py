"""The way in of a firm that has just landed: what must be done until when."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class OnboardingStep(Base):
    """One milestone of a newcomer, made from an item of its pack; overdue is derived from the day."""

    __tablename__ = "onboarding_step"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "code"),
        sa.CheckConstraint("state IN ('open', 'done', 'not_needed')", name="state"),
        sa.CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    code: Mapped[str]
    title_zh: Mapped[str]
    title_en: Mapped[str] = mapped_column(default="")
    due_on: Mapped[dt.date]
    state: Mapped[str] = mapped_column(default="open")
    done_on: Mapped[dt.date | None]
    touched_on: Mapped[dt.date | None]
    because: Mapped[str] = mapped_column(default="")
    source: Mapped[str | None]
    created_at: Mapped[dt.datetime]
