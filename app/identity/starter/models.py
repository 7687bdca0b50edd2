"""A starter set that one person proposed and another one took over."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class StarterSet(Base):
    """Lines that rooms offer a fresh park, those struck out, and who proposed and took them over."""

    __tablename__ = "starter_set"
    __table_args__ = (
        sa.CheckConstraint("state IN ('proposed', 'in_force', 'refused')", name="state"),
        sa.CheckConstraint("decided_by_id <> by_id", name="four_eyes"),
        sa.CheckConstraint("(state = 'proposed') = (decided_by_id IS NULL)", name="decided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    lines: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    at: Mapped[dt.datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    decided_at: Mapped[dt.datetime | None]
