"""What really happened, what is owed for it, and how it is paid."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.hall.db.proofs import proved
from app.sharing.calendar.models import one_of


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
    """How a settled booking is paid: vouchers, credits, and the rest in money.

    The money is due on a day; whoever receives it notes the reference of the transfer.
    """

    __tablename__ = "booking_payment"
    __table_args__ = (
        sa.CheckConstraint("voucher_fen + credits_fen + cash_fen = amount_fen", name="sum"),
        sa.CheckConstraint(
            "voucher_fen >= 0 AND credits_fen >= 0 AND cash_fen >= 0 AND credits >= 0", name="parts"
        ),
        sa.Index(
            "ix_booking_payment_waiting",
            "due_on",
            sqlite_where=sa.text("received_at IS NULL AND cash_fen > 0"),
            postgresql_where=sa.text("received_at IS NULL AND cash_fen > 0"),
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
    due_on: Mapped[dt.date | None]
    received_at: Mapped[dt.datetime | None]
    received_by: Mapped[int | None]
    reference: Mapped[str] = mapped_column(default="", server_default="")
    reminded_at: Mapped[dt.datetime | None]


proved(Settlement, said=("reason",), by=("made_by",))
proved(Payment, said=("reference",), by=("received_by",))
