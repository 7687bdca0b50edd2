"""Meters and what they read: values in millionths, so that both databases keep them exactly."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base

MICRO = 1_000_000


class Meter(Base):
    """A meter of a machine: hours of use, which only grow, or a gauge of its condition with a limit."""

    __tablename__ = "meter"
    __table_args__ = (
        sa.UniqueConstraint("machine_id", "code"),
        sa.CheckConstraint("kind IN ('hours', 'gauge')", name="kind"),
        sa.CheckConstraint("state IN ('alarm', 'learning', 'warning', 'watch', 'normal')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    machine_id: Mapped[int] = mapped_column(sa.ForeignKey("machine.id"))
    code: Mapped[str]
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    limit_micro: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="learning")  # as of the last reading; pages reckon it anew
    last_at: Mapped[dt.datetime | None]

    @property
    def limit(self) -> Fraction | None:
        return None if self.limit_micro is None else Fraction(self.limit_micro, MICRO)


class ReadingRow(Base):
    """One value at one moment."""

    __tablename__ = "reading"
    __table_args__ = (
        sa.UniqueConstraint("meter_id", "at"),
        sa.CheckConstraint("source IN ('call', 'sheet', 'hand')", name="source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meter_id: Mapped[int] = mapped_column(sa.ForeignKey("meter.id"))
    at: Mapped[dt.datetime]
    value_micro: Mapped[int]
    source: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
