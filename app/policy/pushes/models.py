"""The table of pushes: unique per version and firm, with the reasons it went out for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.policy.states import PUSH


class Push(Base):
    """One message; `reasons` is the whole answer of the fit that made it."""

    __tablename__ = "push"
    __table_args__ = (
        sa.UniqueConstraint("policy_version_id", "organisation_id"),
        sa.CheckConstraint(f"state IN ({', '.join(map(repr, PUSH))})", name="state"),
        sa.CheckConstraint("state <> 'declined' OR length(reason) > 0", name="declined"),
        sa.Index("ix_push_organisation_id", "organisation_id", "policy_id"),
        sa.Index("ix_push_state_due_at", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(sa.ForeignKey("policy.id"))
    policy_version_id: Mapped[int] = mapped_column(sa.ForeignKey("policy_version.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(default="due")
    reasons: Mapped[dict[str, Any]]
    due_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    opened_at: Mapped[dt.datetime | None]
    answered_at: Mapped[dt.datetime | None]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    reason: Mapped[str] = mapped_column(default="")
    quiet_until: Mapped[dt.date | None]
