"""What-ifs with a name."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class Scenario(Base):
    """A what-if with a name: who comes, who leaves; figures are computed when it is opened."""

    __tablename__ = "chain_scenario"
    __table_args__ = (sa.Index("ix_chain_scenario_chain_id", "chain_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"))
    name: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    prospects: Mapped[list[str]] = mapped_column(default=list)
    added: Mapped[list[Any]] = mapped_column(default=list)
    removed: Mapped[list[str]] = mapped_column(default=list)
    shared: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
