"""Work orders, what they used, and the faults that opened some of them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base

OPEN_STATES = ("due", "planned", "in_progress")


class WorkOrder(Base):
    """Something to be done at a machine; of a plan one for each occurrence, ever."""

    __tablename__ = "work_order"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "occurrence"),
        sa.CheckConstraint("state IN ('due', 'planned', 'in_progress', 'done', 'skipped')", name="state"),
        sa.CheckConstraint("cause IN ('days', 'hours', 'condition', 'fault', 'asked')", name="cause"),
        sa.CheckConstraint("(plan_id IS NULL) = (occurrence IS NULL)", name="occurrence"),
        sa.CheckConstraint("(state IN ('done', 'skipped')) = (ended_at IS NOT NULL)", name="ended"),
        sa.Index("ix_work_order_machine_id_state", "machine_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    machine_id: Mapped[int] = mapped_column(sa.ForeignKey("machine.id"))
    plan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("upkeep_plan.id"))
    occurrence: Mapped[int | None]
    source: Mapped[str | None] = mapped_column(unique=True)
    title: Mapped[str]
    cause: Mapped[str]
    state: Mapped[str] = mapped_column(default="due")
    due_on: Mapped[dt.date]
    planned_on: Mapped[dt.date | None]
    blocking: Mapped[bool] = mapped_column(default=False)
    assignee_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    sign_off: Mapped[bool] = mapped_column(default=False)
    signer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    checklist: Mapped[list[str]] = mapped_column(default=list)
    ticked: Mapped[list[str]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(default="")
    overhauled: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[dt.datetime]
    started_at: Mapped[dt.datetime | None]
    reported_at: Mapped[dt.datetime | None]  # said to be done, before the sign-off
    reported_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    done_on: Mapped[dt.date | None]
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    skip_reason: Mapped[str] = mapped_column(default="")


class WorkOrderPart(Base):
    """So many of a part went into an order."""

    __tablename__ = "work_order_part"
    __table_args__ = (sa.CheckConstraint("quantity > 0", name="quantity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    part_id: Mapped[int] = mapped_column(sa.ForeignKey("machine_part.id"))
    quantity: Mapped[int]


class Fault(Base):
    """Something broke; its order mends it, and ends it."""

    __tablename__ = "machine_fault"
    __table_args__ = (
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="span"),
        sa.Index("ix_machine_fault_machine_id_began_at", "machine_id", "began_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    machine_id: Mapped[int] = mapped_column(sa.ForeignKey("machine.id"))
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), unique=True)
    text: Mapped[str]
    stops: Mapped[bool] = mapped_column(default=False)
    began_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    reported_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    reported_at: Mapped[dt.datetime]
