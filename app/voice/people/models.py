"""Specialists: how long they serve, what binds them, what they learn, where they spent a week."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class Specialist(Base):
    """A member of the park who visits firms; an unknown day of entry never counts as three years."""

    __tablename__ = "specialist"
    __table_args__ = (sa.CheckConstraint("visits_a_day BETWEEN 0 AND 20", name="visits_a_day"),)

    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), primary_key=True)
    employed_since: Mapped[dt.date | None]
    suspended_because: Mapped[str] = mapped_column(default="")
    visits_a_day: Mapped[int] = mapped_column(default=3)
    changed_at: Mapped[dt.datetime]


class SpecialistTie(Base):
    """What binds a specialist to a firm: a part of it, or work there (`left_on` empty: still)."""

    __tablename__ = "specialist_tie"
    __table_args__ = (
        sa.UniqueConstraint("member_id", "organisation_id"),
        sa.CheckConstraint("owns_part OR employed", name="something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    owns_part: Mapped[bool] = mapped_column(default=False)
    employed: Mapped[bool] = mapped_column(default=False)
    left_on: Mapped[dt.date | None]


class Training(Base):
    """One line of a specialist's training plan."""

    __tablename__ = "training"
    __table_args__ = (
        sa.CheckConstraint("hours BETWEEN 1 AND 400", name="hours"),
        sa.Index("ix_training_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    title: Mapped[str]
    hours: Mapped[int]
    due_on: Mapped[dt.date]
    done_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]


class Shadowing(Base):
    """Days a specialist works at a firm, and what was seen there."""

    __tablename__ = "shadowing"
    __table_args__ = (
        sa.CheckConstraint("until_on >= from_on", name="days"),
        sa.CheckConstraint("state IN ('planned', 'done', 'cancelled')", name="state"),
        sa.CheckConstraint("state <> 'done' OR seen <> ''", name="seen"),
        sa.Index("ix_shadowing_member_id", "member_id", "from_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    from_on: Mapped[dt.date]
    until_on: Mapped[dt.date]
    state: Mapped[str]
    seen: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime]
