"""What can be shared, by whom, on which terms and at which prices."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.sharing.calendar.models import one_of


class Resource(Base):
    """An instrument, a patent or an expert that its owner lends to the park."""

    __tablename__ = "resource"
    __table_args__ = (
        one_of("kind", "equipment", "patent", "talent"),
        one_of("status", "listed", "withdrawn"),
        one_of("approval", "automatic", "owner"),
        one_of("billing", "booked", "used", "greater", "union"),
        sa.CheckConstraint("step_minutes > 0 AND step_minutes % 5 = 0", name="step"),
        sa.CheckConstraint("min_minutes > 0 AND min_minutes <= max_minutes", name="length"),
        sa.CheckConstraint("buffer_minutes % 5 = 0 AND buffer_before_minutes % 5 = 0", name="buffer"),
        sa.CheckConstraint(
            "late_cancel_ratio BETWEEN 0 AND 1 AND no_show_ratio BETWEEN 0 AND 1", name="ratio"
        ),
        sa.CheckConstraint("price_fen_per_hour >= 0", name="price"),
        sa.Index("ix_resource_kind_category", "kind", "category"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    model: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    building: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    icon: Mapped[str] = mapped_column(default="")
    picture: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    accessories: Mapped[str] = mapped_column(default="")
    specifications: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[str] = mapped_column(default="listed")
    status_reason: Mapped[str] = mapped_column(default="")
    approval: Mapped[str] = mapped_column(default="automatic")
    approval_hours: Mapped[int] = mapped_column(default=24)
    step_minutes: Mapped[int] = mapped_column(default=30)
    min_minutes: Mapped[int] = mapped_column(default=30)
    max_minutes: Mapped[int] = mapped_column(default=480)
    buffer_before_minutes: Mapped[int] = mapped_column(default=0)
    buffer_minutes: Mapped[int] = mapped_column(default=0)
    lead_minutes: Mapped[int] = mapped_column(default=0)
    horizon_days: Mapped[int | None]
    quota_minutes_per_week: Mapped[int | None]
    late_cancel_hours: Mapped[int] = mapped_column(default=24)
    late_cancel_ratio: Mapped[float] = mapped_column(default=0.0)
    no_show_ratio: Mapped[float] = mapped_column(default=1.0)
    billing: Mapped[str] = mapped_column(default="booked")
    price_fen_per_hour: Mapped[int] = mapped_column(default=0)
    value_fen: Mapped[int | None]  # what it cost; unknown is not zero
    external_from: Mapped[dt.date | None]
    qualification_id: Mapped[int | None] = mapped_column(sa.ForeignKey("qualification.id"))
    open_on_holidays: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]


class ResourceFile(Base):
    """A picture or a document of a resource; the bytes lie outside the web root under a name of our own."""

    __tablename__ = "resource_file"
    __table_args__ = (
        one_of("kind", "picture", "document"),
        sa.CheckConstraint("size_bytes > 0", name="size"),
        sa.UniqueConstraint("resource_id", "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"))
    kind: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    stored_as: Mapped[str] = mapped_column(unique=True)
    uploaded_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    uploaded_at: Mapped[dt.datetime]


class Patent(Base):
    """What a licensee must know of a patent in the pool."""

    __tablename__ = "patent"
    __table_args__ = (one_of("fee_basis", "once", "yearly", "per_unit", "share"),)

    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"), primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    fee_fen: Mapped[int] = mapped_column(default=0)
    fee_basis: Mapped[str] = mapped_column(default="yearly")
    expires_on: Mapped[dt.date | None]
    exclusive: Mapped[bool] = mapped_column(default=False)


class Talent(Base):
    """The person behind a talent resource: read in one place only, after the person's own consent."""

    __tablename__ = "talent"

    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"), primary_key=True)
    person_name: Mapped[str]
    contact: Mapped[str] = mapped_column(default="")
    skills: Mapped[list[str]] = mapped_column(default=list)
    years: Mapped[int] = mapped_column(default=0)
    days_per_month: Mapped[int] = mapped_column(default=0)
    fee_fen_per_day: Mapped[int] = mapped_column(default=0)


class ResourceUnit(Base):
    """One of several equal instruments: the thing that can be in one place at a time."""

    __tablename__ = "resource_unit"
    __table_args__ = (sa.UniqueConstraint("resource_id", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"))
    label: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)


class ResourceWord(Base):
    """The search index: one row per word of a resource."""

    __tablename__ = "resource_word"
    __table_args__ = (sa.Index("ix_resource_word_word", "word"),)

    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"), primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)
    weight: Mapped[int] = mapped_column(default=1)


class Rate(Base):
    """A special price per hour for a group of members and a time of day."""

    __tablename__ = "rate"
    __table_args__ = (
        sa.CheckConstraint("price_fen_per_hour >= 0", name="price"),
        sa.CheckConstraint(
            "opens_minute >= 0 AND opens_minute < closes_minute AND closes_minute <= 1440", name="hours"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"), index=True)
    member_group: Mapped[str | None]
    weekdays: Mapped[list[Any]] = mapped_column(default=list)
    opens_minute: Mapped[int] = mapped_column(default=0)
    closes_minute: Mapped[int] = mapped_column(default=1440)
    price_fen_per_hour: Mapped[int]
