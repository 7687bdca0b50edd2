"""What can be shared, when it is open, and on which terms."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


def one_of(column: str, *values: str) -> sa.CheckConstraint:
    """The column holds one of these words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


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
    plan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("maintenance_plan.id"))
    kind: Mapped[str] = mapped_column(default="repair")
    start_at: Mapped[dt.datetime]
    end_at: Mapped[dt.datetime]
    reason: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]


class MaintenancePlan(Base):
    """Maintenance that falls due by date or by hours used."""

    __tablename__ = "maintenance_plan"
    __table_args__ = (
        sa.CheckConstraint("every_days IS NOT NULL OR every_used_hours IS NOT NULL", name="rhythm"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"), index=True)
    name: Mapped[str]
    every_days: Mapped[int | None]
    every_used_hours: Mapped[int | None]
    warn_days: Mapped[int] = mapped_column(default=7)
    blocking: Mapped[bool] = mapped_column(default=False)
    last_done_on: Mapped[dt.date]
    warned_on: Mapped[dt.date | None]
    active: Mapped[bool] = mapped_column(default=True)


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


class Qualification(Base):
    """A training that an instrument may ask for; without an owner it is the park's own."""

    __tablename__ = "qualification"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class MemberQualification(Base):
    """Who has been trained, and until when it counts."""

    __tablename__ = "member_qualification"
    __table_args__ = (sa.UniqueConstraint("qualification_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    qualification_id: Mapped[int] = mapped_column(sa.ForeignKey("qualification.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    expires_on: Mapped[dt.date | None]
    granted_at: Mapped[dt.datetime]


class Suspension(Base):
    """A member may not book for a while (after no-shows, or by the park's decision)."""

    __tablename__ = "suspension"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    until_at: Mapped[dt.datetime]
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime]
    lifted_at: Mapped[dt.datetime | None]


class SharingTerms(Base):
    """What the park decides for all resources: exactly one row."""

    __tablename__ = "sharing_terms"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="single"),
        sa.CheckConstraint("credit_share_ratio BETWEEN 0 AND 1", name="share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_share_ratio: Mapped[float] = mapped_column(default=0.3)
    credit_value_fen: Mapped[int] = mapped_column(default=100)
    no_show_limit: Mapped[int] = mapped_column(default=0)
    suspension_days: Mapped[int] = mapped_column(default=14)
    offer_minutes: Mapped[int] = mapped_column(default=120)
    no_show_grace_minutes: Mapped[int] = mapped_column(default=2880)
    dispute_days: Mapped[int] = mapped_column(default=7)
