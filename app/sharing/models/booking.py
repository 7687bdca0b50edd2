"""Who has which instrument when, what really happened, and what is owed for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.sharing.models.resource import Resource, one_of


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
            "state", "requested", "confirmed", "in_use", "completed", "settled", "rejected", "expired",
            "cancelled", "no_show", "disputed", "adjusted",
        ),
        sa.CheckConstraint("start_at < end_at", name="span"),
        sa.CheckConstraint("hold_start_at <= start_at AND hold_end_at >= end_at", name="hold"),
        sa.CheckConstraint("price_fen >= 0", name="price"),
        sa.CheckConstraint("state <> 'requested' OR answer_until IS NOT NULL", name="deadline"),
        sa.Index("ix_booking_held", "unit_id", "state", "hold_end_at", "hold_start_at"),
        sa.Index("ix_booking_organisation_id_start_at", "organisation_id", "start_at"),
        sa.Index("ix_booking_resource_id_start_at", "resource_id", "start_at"),
        sa.Index("ix_booking_state_end_at", "state", "end_at"),
    )  # fmt: skip

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


class Usage(Base):
    """A stretch of real use; a wrong one is voided and written anew, never edited."""

    __tablename__ = "usage"
    __table_args__ = (
        one_of("source", "manual", "qr", "api"),
        sa.CheckConstraint("end_at IS NULL OR start_at < end_at", name="span"),
        sa.Index("ix_usage_resource_id_start_at", "resource_id", "start_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"))
    booking_id: Mapped[int | None] = mapped_column(sa.ForeignKey("booking.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    own_use: Mapped[bool] = mapped_column(default=False)
    start_at: Mapped[dt.datetime]
    end_at: Mapped[dt.datetime | None]
    source: Mapped[str] = mapped_column(default="manual")
    note: Mapped[str] = mapped_column(default="")
    recorded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    recorded_at: Mapped[dt.datetime]
    voided_at: Mapped[dt.datetime | None]


class Settlement(Base):
    """What is owed for a booking from now on; append-only, a correction is a new row.

    `amount_fen` is what is owed in all after this row, `change_fen` the difference to the row before.
    """

    __tablename__ = "settlement"
    __table_args__ = (
        sa.UniqueConstraint("booking_id", "version"),
        sa.CheckConstraint("amount_fen >= 0 AND charged_minutes >= 0 AND version > 0", name="amount"),
        sa.Index("ix_settlement_made_at", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"))
    version: Mapped[int]
    rule: Mapped[str]
    charged_minutes: Mapped[int]
    amount_fen: Mapped[int]
    change_fen: Mapped[int]
    ratio: Mapped[float] = mapped_column(default=1.0)
    lines: Mapped[list[Any]] = mapped_column(default=list)
    reason: Mapped[str] = mapped_column(default="")
    made_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    made_at: Mapped[dt.datetime]


class Dispute(Base):
    """Somebody says that a charge is wrong; the owner or the park answers with an adjustment."""

    __tablename__ = "dispute"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"), index=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    reason: Mapped[str]
    opened_at: Mapped[dt.datetime]
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    decision: Mapped[str] = mapped_column(default="")


class Voucher(Base):
    """An instrument voucher: so many fen towards bookings of this organisation."""

    __tablename__ = "voucher"
    __table_args__ = (
        sa.CheckConstraint("left_fen >= 0 AND left_fen <= value_fen", name="left"),
        sa.CheckConstraint("co_pay_ratio BETWEEN 0 AND 1", name="co_pay"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    value_fen: Mapped[int]
    left_fen: Mapped[int]
    co_pay_ratio: Mapped[float] = mapped_column(default=0.0)
    valid_until: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]


class VoucherUse(Base):
    """So many fen of a voucher went into this payment."""

    __tablename__ = "voucher_use"
    __table_args__ = (sa.CheckConstraint("amount_fen > 0", name="amount"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[int] = mapped_column(sa.ForeignKey("voucher.id"), index=True)
    payment_id: Mapped[int] = mapped_column(sa.ForeignKey("booking_payment.id"), index=True)
    amount_fen: Mapped[int]


class Payment(Base):
    """How a settled booking is paid: vouchers, credits, and the rest in money."""

    __tablename__ = "booking_payment"
    __table_args__ = (
        sa.CheckConstraint("voucher_fen + credits_fen + cash_fen = amount_fen", name="sum"),
        sa.CheckConstraint(
            "voucher_fen >= 0 AND credits_fen >= 0 AND cash_fen >= 0 AND credits >= 0", name="parts"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"), unique=True)
    amount_fen: Mapped[int]
    voucher_fen: Mapped[int] = mapped_column(default=0)
    credits: Mapped[int] = mapped_column(default=0)
    credits_fen: Mapped[int] = mapped_column(default=0)
    cash_fen: Mapped[int]
    made_at: Mapped[dt.datetime]


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
