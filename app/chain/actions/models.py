"""What is done about a weak link."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.chain.register.models import one_of
from app.hall.db.base import Base

ACTION_STATES = ("planned", "in_progress", "relieved", "dropped")
ACTION_KINDS = ("fill", "strengthen", "extend")


class ChainAction(Base):
    """Something done about a weak link, tracked until it is relieved."""

    __tablename__ = "chain_action"
    __table_args__ = (
        sa.CheckConstraint(one_of("kind", ACTION_KINDS), name="kind"),
        sa.CheckConstraint(one_of("state", ACTION_STATES), name="state"),
        sa.Index("ix_chain_action_chain_id_state", "chain_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"))
    segment_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    prospect_id: Mapped[int | None] = mapped_column(sa.ForeignKey("prospect.id"))
    kind: Mapped[str]
    title: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="planned")
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    due_on: Mapped[dt.date | None]
    shortfall_wan: Mapped[float] = mapped_column(default=0.0)
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
