"""When an instrument is open, and the five minutes of a unit that nobody else may hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


def one_of(column: str, *values: str) -> sa.CheckConstraint:
    """The column holds one of these words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


class OpeningRule(Base):
    """Open on this weekday from … to …; `closes_minute` above 1440 reaches into the next day."""

    __tablename__ = "opening_rule"
    __table_args__ = (
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        sa.CheckConstraint(
            "opens_minute >= 0 AND opens_minute < 1440 AND closes_minute > opens_minute"
            " AND closes_minute <= opens_minute + 1440",
            name="hours",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"), index=True)
    weekday: Mapped[int]
    opens_minute: Mapped[int]
    closes_minute: Mapped[int]


class OpeningException(Base):
    """Other hours on one day; an empty list is closed all day."""

    __tablename__ = "opening_exception"
    __table_args__ = (sa.UniqueConstraint("resource_id", "on_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"))
    on_day: Mapped[dt.date]
    hours: Mapped[list[Any]] = mapped_column(default=list)
    reason: Mapped[str] = mapped_column(default="")


class Holiday(Base):
    """A day on which the park is closed, unless a resource says otherwise."""

    __tablename__ = "holiday"

    on_day: Mapped[dt.date] = mapped_column(primary_key=True)
    name: Mapped[str]


class OccupiedSlot(Base):
    """One row per unit and five minutes that a blocking booking holds, buffers included.

    The primary key is the promise that no slot is ever sold twice: on SQLite and PostgreSQL alike a second
    booking of the same five minutes violates it, whatever happens at the same moment.
    """

    __tablename__ = "occupied_slot"
    __table_args__ = (
        sa.Index("ix_occupied_slot_booking_id", "booking_id"),
        {"sqlite_with_rowid": False},
    )

    unit_id: Mapped[int] = mapped_column(
        sa.ForeignKey("resource_unit.id"), primary_key=True, autoincrement=False
    )
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"))
