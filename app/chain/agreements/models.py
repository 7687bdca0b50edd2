"""Two firms that might trade, and what they said."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.chain.register.models import amount, one_of
from app.hall.db.base import Base

MATCH_STATES = ("asked", "agreed", "declined")


class MatchDecision(Base):
    """Two firms that might trade: who asked, who said yes, who said no. A no is final for the pair."""

    __tablename__ = "match_decision"
    __table_args__ = (
        sa.UniqueConstraint("supplier_id", "customer_id", "segment_id"),
        sa.CheckConstraint(one_of("state", MATCH_STATES), name="state"),
        sa.CheckConstraint("supplier_id <> customer_id", name="two_firms"),
        amount("value_wan"),
        sa.Index("ix_match_decision_customer_id", "customer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"), index=True)
    supplier_id: Mapped[int] = mapped_column(sa.ForeignKey("chain_firm.id"))
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("chain_firm.id"))
    segment_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    state: Mapped[str]
    value_wan: Mapped[float] = mapped_column(default=0.0)
    asked_by_firm_id: Mapped[int | None] = mapped_column(sa.ForeignKey("chain_firm.id"))
    asked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    asked_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    decided_name: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[dt.datetime | None]
    reason: Mapped[str] = mapped_column(default="")
