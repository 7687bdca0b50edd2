"""What the assessment said at each version of the data."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class AssessmentSnapshot(Base):
    """What the assessment said at one data version, for alerts and for the trend."""

    __tablename__ = "assessment_snapshot"
    __table_args__ = (sa.UniqueConstraint("chain_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"))
    version: Mapped[int]
    made_at: Mapped[dt.datetime]
    total_shortfall_wan: Mapped[float]
    segments: Mapped[dict[str, Any]]
