"""Versions of the weights; never edited, one in force."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.hall.db.versions import Version, version_rules


class WeightsVersion(Version, Base):
    """Weights in thousandths, targets and red lines of all dimensions: {code: [weight, target, red_below]}."""

    __tablename__ = "insight_weights"
    __table_args__ = version_rules("insight_weights")

    weights: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(default="")
