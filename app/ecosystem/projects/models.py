"""University projects and the joint bases they grow in."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class JointBase(Base):
    """A place firms and a university run together."""

    __tablename__ = "joint_base"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    field: Mapped[str] = mapped_column(server_default="", default="")
    university_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    resolution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("resolution.id"))
    founded_on: Mapped[dt.date]


class JointBaseFirm(Base):
    """A firm that belongs to a joint base."""

    __tablename__ = "joint_base_firm"

    base_id: Mapped[int] = mapped_column(sa.ForeignKey("joint_base.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)


class TransferProject(Base):
    """University work on its way to production: need, match, research, pilot, production."""

    __tablename__ = "transfer_project"
    __table_args__ = (
        sa.CheckConstraint(
            "stage IN ('need', 'match', 'research', 'pilot', 'production', 'dropped')", name="stage"
        ),
        sa.CheckConstraint("(stage = 'production') = (production_on IS NOT NULL)", name="production"),
        sa.CheckConstraint("production_on IS NULL OR production_on >= started_on", name="order"),
        sa.Index("ix_transfer_project_enterprise_id", "enterprise_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    university_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    base_id: Mapped[int | None] = mapped_column(sa.ForeignKey("joint_base.id"))
    need_id: Mapped[int | None] = mapped_column(sa.ForeignKey("post.id"))
    segment: Mapped[str | None]
    stage: Mapped[str] = mapped_column(server_default="need", default="need")
    started_on: Mapped[dt.date]
    match_on: Mapped[dt.date | None]
    research_on: Mapped[dt.date | None]
    pilot_on: Mapped[dt.date | None]
    production_on: Mapped[dt.date | None]
    note: Mapped[str] = mapped_column(server_default="", default="")
    created_at: Mapped[dt.datetime]
