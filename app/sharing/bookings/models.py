"""Who has booked which instrument when, who waits for it, and whose wish was refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.hall.db.base import Base
from app.sharing.calendar.models import one_of
from app.sharing.catalogue.models import Resource


class BookingSeries(Base):
    """Bookings made in one go: every Tuesday 9–11 for eight weeks."""

    __tablename__ = "booking_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    pattern: Mapped[dict[str, Any]]
    created_at: Mapped[dt.datetime]


class Booking(Base):
    """A unit for somebody for [start, end), with the terms that held when it was made."""

    __tablename__ = "booking"
    __table_args__ = (
        one_of(
            "state",
            "requested",
            "confirmed",
            "in_use",
            "completed",
            "settled",
            "rejected",
            "expired",
            "cancelled",
            "no_show",
            "disputed",
            "adjusted",
        ),
        sa.CheckConstraint("start_at < end_at", name="span"),
        sa.CheckConstraint("hold_start_at <= start_at AND hold_end_at >= end_at", name="hold"),
        sa.CheckConstraint("price_fen >= 0", name="price"),
        sa.CheckConstraint("state <> 'requested' OR answer_until IS NOT NULL", name="deadline"),
        sa.Index("ix_booking_held", "unit_id", "state", "hold_end_at", "hold_start_at"),
        sa.Index("ix_booking_organisation_id_start_at", "organisation_id", "start_at"),
        sa.Index("ix_booking_resource_id_start_at", "resource_id", "start_at"),
        sa.Index("ix_booking_state_end_at", "state", "end_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("resource_unit.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    purpose: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    start_at: Mapped[dt.datetime]
    end_at: Mapped[dt.datetime]
    hold_start_at: Mapped[dt.datetime]
    hold_end_at: Mapped[dt.datetime]
    own_use: Mapped[bool] = mapped_column(default=False)
    price_fen: Mapped[int]
    terms: Mapped[dict[str, Any]]
    use_credits: Mapped[bool] = mapped_column(default=False)
    held_credits: Mapped[int] = mapped_column(default=0)
    credit_hold: Mapped[int | None]
    answer_until: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[str] = mapped_column(default="")
    end_reason: Mapped[str] = mapped_column(default="")
    late: Mapped[bool] = mapped_column(default=False)
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("booking.id"), unique=True)
    series_id: Mapped[int | None] = mapped_column(sa.ForeignKey("booking_series.id"), index=True)
    source: Mapped[str] = mapped_column(default="direct")
    alternatives: Mapped[list[Any]] = mapped_column(default=list)

    resource: Mapped[Resource] = relationship(lazy="raise", viewonly=True)


class WaitlistEntry(Base):
    """Somebody would take `minutes` of this resource inside [start, end) if they came free."""

    __tablename__ = "waitlist_entry"
    __table_args__ = (
        one_of("state", "waiting", "offered", "taken", "lapsed"),
        sa.CheckConstraint("start_at < end_at AND minutes > 0", name="span"),
        sa.Index("ix_waitlist_entry_resource_id_state", "resource_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    start_at: Mapped[dt.datetime]
    end_at: Mapped[dt.datetime]
    minutes: Mapped[int]
    purpose: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="waiting")
    booking_id: Mapped[int | None] = mapped_column(sa.ForeignKey("booking.id"), unique=True)
    offer_until: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    close_reason: Mapped[str] = mapped_column(default="")


class RefusedDemand(Base):
    """A wish that could not be served: evidence for buying, sharing or recruiting."""

    __tablename__ = "refused_demand"
    __table_args__ = (sa.Index("ix_refused_demand_refused_at", "refused_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    kind: Mapped[str]
    category: Mapped[str]
    start_at: Mapped[dt.datetime]
    end_at: Mapped[dt.datetime]
    codes: Mapped[list[str]]
    refused_at: Mapped[dt.datetime]


class CalendarFeed(Base):
    """A secret iCalendar address; only its hash is kept, so it is shown once and can only be revoked."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    resource_id: Mapped[int | None] = mapped_column(sa.ForeignKey("resource.id"))
    created_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
