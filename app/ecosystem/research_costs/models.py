"""A firm's word on what its research cost in one year."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class ResearchCost(Base):
    """Said by the firm itself; saying it again for the same year replaces it."""

    __tablename__ = "research_cost"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "year"),
        sa.CheckConstraint("base_year < year", name="years"),
        sa.CheckConstraint("base_fen >= 0 AND actual_fen >= 0", name="amounts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    year: Mapped[int]
    base_year: Mapped[int]
    base_fen: Mapped[int]
    actual_fen: Mapped[int]
    sharing_fen: Mapped[int | None]
    licences_fen: Mapped[int | None]
    credits_fen: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    shown: Mapped[bool] = mapped_column(default=False)  # the park may see this firm's own row
    said_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    said_at: Mapped[dt.datetime]
