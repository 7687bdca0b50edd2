"""Plans of recruiting that somebody keeps."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class RecruitingPlan(Base):
    """What was asked and what was the answer on that day; opened again it is worked out anew."""

    __tablename__ = "recruiting_plan"
    __table_args__ = (sa.Index("ix_recruiting_plan_chain_id", "chain_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"))
    name: Mapped[str]
    asked: Mapped[dict[str, Any]]
    chosen: Mapped[list[str]]
    value_wan: Mapped[float]
    before_wan: Mapped[float]
    cost_wan: Mapped[float]
    shared: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
