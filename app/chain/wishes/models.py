"""What a firm says of itself before it stands on the chain."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.chain.register.models import amount, one_of
from app.hall.db.base import Base

STATES = ("waits", "asked_back", "confirmed", "withdrawn")


class PositionWish(Base):
    """A firm says what it makes; it stands on the chain once an officer confirmed it, or is asked back."""

    __tablename__ = "position_wish"
    __table_args__ = (
        sa.CheckConstraint(one_of("state", STATES), name="state"),
        sa.Index("ix_position_wish_organisation_id", "organisation_id"),
        sa.Index(
            "uq_position_wish_open",
            "organisation_id",
            "segment_id",
            unique=True,
            sqlite_where=sa.text("state IN ('waits', 'asked_back')"),
            postgresql_where=sa.text("state IN ('waits', 'asked_back')"),
        ),
        amount("output_wan"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"))
    segment_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    makes: Mapped[str]
    output_wan: Mapped[float]
    inputs: Mapped[str] = mapped_column(default="")
    suppliers: Mapped[list[str]] = mapped_column(default=list)
    customers: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str]
    question: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    at: Mapped[dt.datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    decided_at: Mapped[dt.datetime | None]
