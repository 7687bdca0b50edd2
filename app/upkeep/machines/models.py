"""Machines of any firm; a shared one stands for its resource, one row each."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class Machine(Base):
    """Something that has to be looked after; `token` is what its label carries."""

    __tablename__ = "machine"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "code"),
        sa.CheckConstraint("state IN ('in_service', 'down', 'resting', 'retired')", name="state"),
        sa.CheckConstraint("planned IN ('working_hours', 'always')", name="planned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    resource_id: Mapped[int | None] = mapped_column(sa.ForeignKey("resource.id"), unique=True)
    code: Mapped[str]
    name: Mapped[str]
    model: Mapped[str] = mapped_column(default="")
    serial: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    token: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="in_service")
    planned: Mapped[str] = mapped_column(default="working_hours")
    overhauled_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]


class MachineProposal(Base):
    """A machine that somebody saw in a firm's workshop: the firm alone decides whether it stands in its register."""

    __tablename__ = "machine_proposal"
    __table_args__ = (
        sa.UniqueConstraint("source", "name"),
        sa.CheckConstraint("state IN ('waiting', 'taken', 'dropped')", name="state"),
        sa.CheckConstraint("(state = 'taken') = (machine_id IS NOT NULL)", name="machine"),
        sa.Index("ix_machine_proposal_organisation_id", "organisation_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    name: Mapped[str]
    source: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    machine_id: Mapped[int | None] = mapped_column(sa.ForeignKey("machine.id"), index=True)
    created_at: Mapped[dt.datetime]
    decided_at: Mapped[dt.datetime | None]


class MachinePart(Base):
    """A part in the cupboard; `least` is when to buy anew."""

    __tablename__ = "machine_part"
    __table_args__ = (
        sa.UniqueConstraint("machine_id", "name"),
        sa.CheckConstraint("stock >= 0 AND least >= 0", name="stock"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    machine_id: Mapped[int] = mapped_column(sa.ForeignKey("machine.id"))
    name: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    stock: Mapped[int] = mapped_column(default=0)
    least: Mapped[int] = mapped_column(default=0)


class UpkeepFile(Base):
    """A document of a machine, or a photograph of it or of one of its orders."""

    __tablename__ = "upkeep_file"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('photo', 'document')", name="kind"),
        sa.CheckConstraint("state IN ('raw', 'ready', 'refused')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    machine_id: Mapped[int] = mapped_column(sa.ForeignKey("machine.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    media_type: Mapped[str] = mapped_column(default="image/jpeg")
    state: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
