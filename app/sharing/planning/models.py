"""Flexible wishes, planning rounds, and what a plan gives each wish."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.sharing.calendar.models import one_of


class SlotRequest(Base):
    """A flexible wish: so many minutes, in one of these windows, on any of these instruments."""

    __tablename__ = "slot_request"
    __table_args__ = (
        one_of("state", "open", "placed", "withdrawn"),
        sa.CheckConstraint("duration_minutes > 0", name="duration"),
        sa.CheckConstraint("priority BETWEEN 1 AND 5", name="priority"),
        sa.Index("ix_slot_request_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    resources: Mapped[list[Any]]
    windows: Mapped[list[Any]]
    duration_minutes: Mapped[int]
    preferred_at: Mapped[dt.datetime | None]
    priority: Mapped[int] = mapped_column(default=3)
    purpose: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="open")
    booking_id: Mapped[int | None] = mapped_column(sa.ForeignKey("booking.id"))
    created_at: Mapped[dt.datetime]


class ScheduleRun(Base):
    """One run of the optimiser over open requests."""

    __tablename__ = "schedule_run"
    __table_args__ = (
        one_of("state", "draft", "solved", "published", "discarded"),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('optimal', 'feasible', 'infeasible')", name="outcome"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    start_at: Mapped[dt.datetime]
    end_at: Mapped[dt.datetime]
    instance: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="draft")
    outcome: Mapped[str | None]
    seconds: Mapped[int] = mapped_column(default=20)
    started_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class ScheduleAssignment(Base):
    """What the plan gives a request, and what became of it when the plan was published."""

    __tablename__ = "schedule_assignment"
    __table_args__ = (sa.UniqueConstraint("run_id", "request_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("schedule_run.id"))
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("slot_request.id"))
    resource_id: Mapped[int | None] = mapped_column(sa.ForeignKey("resource.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("resource_unit.id"))
    start_at: Mapped[dt.datetime | None]
    end_at: Mapped[dt.datetime | None]
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    booking_id: Mapped[int | None] = mapped_column(sa.ForeignKey("booking.id"))
