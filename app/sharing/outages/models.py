"""When an instrument stands still."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.sharing.calendar.models import one_of


class Outage(Base):
    """A resource, or one unit of it, stands still."""

    __tablename__ = "outage"
    __table_args__ = (
        one_of("kind", "repair", "maintenance", "calibration", "other"),
        sa.CheckConstraint("start_at < end_at", name="span"),
        sa.Index("ix_outage_resource_id_end_at", "resource_id", "end_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("resource_unit.id"))
    kind: Mapped[str] = mapped_column(default="repair")
    start_at: Mapped[dt.datetime]
    end_at: Mapped[dt.datetime]
    reason: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]
    source: Mapped[str | None] = mapped_column(
        index=True
    )  # what keeps it, such as `upkeep:7`; nothing: its owner does
