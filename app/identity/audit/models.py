"""The trail: rows are only ever added."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.hall.db.proofs import proved


class AuditEvent(Base):
    """Who did what, when and why; rows are only ever added (a trigger sees to it)."""

    __tablename__ = "audit_event"
    __table_args__ = (
        sa.Index("ix_audit_event_at", "at"),
        sa.Index("ix_audit_event_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    actor_name: Mapped[str]
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]]
    address: Mapped[str] = mapped_column(default="")


proved(
    AuditEvent,
    said=("actor_name", "reason", "detail", "address"),
    by=("member_id",),
    about="x.subject_kind = 'member' AND x.subject_id = :number",
)
