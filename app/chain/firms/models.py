"""What a firm says of its own position."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.chain.register.models import amount, one_of
from app.hall.db.base import Base

CORRECTION_STATES = ("proposed", "confirmed", "rejected")


class PositionCorrection(Base):
    """What a firm says of its own position; counts once park staff confirmed it."""

    __tablename__ = "position_correction"
    __table_args__ = (
        sa.CheckConstraint(one_of("state", CORRECTION_STATES), name="state"),
        sa.Index(
            "uq_position_correction_open",
            "position_id",
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        ),
        amount("output_wan"),
        amount("capacity_wan"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id", ondelete="CASCADE"))
    output_wan: Mapped[float]
    capacity_wan: Mapped[float | None]
    products: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="proposed")
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    proposed_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    decided_at: Mapped[dt.datetime | None]
