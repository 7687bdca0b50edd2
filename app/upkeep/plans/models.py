"""Plans of upkeep: by days, by hours of use, by the condition of a meter."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class UpkeepPlan(Base):
    """What is done again and again; `occurrence` counts the times, one work order each."""

    __tablename__ = "upkeep_plan"
    __table_args__ = (
        sa.CheckConstraint(
            "every_days IS NOT NULL OR every_used_hours IS NOT NULL OR meter_id IS NOT NULL", name="rhythm"
        ),
        sa.CheckConstraint("counts_from IN ('done', 'planned')", name="counts_from"),
        sa.CheckConstraint("warn_days >= 0 AND occurrence > 0", name="numbers"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    machine_id: Mapped[int] = mapped_column(sa.ForeignKey("machine.id"), index=True)
    name: Mapped[str]
    every_days: Mapped[int | None]
    every_used_hours: Mapped[int | None]
    hours_meter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meter.id"))
    meter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meter.id"), index=True)
    warn_days: Mapped[int] = mapped_column(default=7)
    blocking: Mapped[bool] = mapped_column(default=False)
    counts_from: Mapped[str] = mapped_column(default="done")
    last_done_on: Mapped[dt.date]  # the day from which days count
    hours_from: Mapped[
        dt.datetime
    ]  # the moment from which hours and readings count: the end of the day it was done
    occurrence: Mapped[int] = mapped_column(default=1)
    checklist: Mapped[list[str]] = mapped_column(default=list)
    sign_off: Mapped[bool] = mapped_column(default=False)
    signer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    active: Mapped[bool] = mapped_column(default=True)
