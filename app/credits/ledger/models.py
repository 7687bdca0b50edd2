"""Accounts, transfers, entries, lots: read by everyone, written only by the triggers of migrations 0002 and 0009."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.credits.ledger.moments import Micros
from app.hall.db.base import Base
from app.hall.db.proofs import proved

# The park's own accounts have fixed ids: a CHECK can then say which kind of transfer touches which account.
ISSUANCE, REDEEMED, EXPIRED, ADJUST = 1, 2, 3, 4


LAST_SYSTEM_ACCOUNT = 4
_LEGS = (
    "(kind = 'earn' AND debit_account_id = 1 AND phase = 'single')"
    " OR (kind = 'redeem' AND credit_account_id = 2)"
    " OR (kind = 'expire' AND credit_account_id = 3 AND phase = 'single')"
    " OR (kind = 'adjust' AND (debit_account_id = 4 OR credit_account_id = 4) AND phase = 'single')"
    " OR (kind = 'recover' AND credit_account_id = 1 AND phase = 'single')"
    " OR (kind = 'reverse' AND phase = 'single')"
)


def _on_sqlite(*columns: tuple[str, str]) -> tuple[sa.ForeignKeyConstraint, ...]:
    """Foreign keys that PostgreSQL's posting trigger looks up itself (migration 0009 says why)."""
    return tuple(
        sa.ForeignKeyConstraint([column], [target]).ddl_if(dialect="sqlite") for column, target in columns
    )


class Account(Base):
    """Counters are kept for enterprises only: a counter on the park's accounts would be one hot row for all."""

    __tablename__ = "account"
    __table_args__ = (
        sa.CheckConstraint(
            "(id <= 4) = (kind <> 'enterprise') AND kind IN ('enterprise', 'issuance', 'redeemed', 'expired', 'adjust')",
            name="kind",
        ),
        sa.CheckConstraint("(kind = 'enterprise') = (organisation_id IS NOT NULL)", name="owner"),
        sa.CheckConstraint("credits - debits - held >= 0", name="never_negative"),
        sa.CheckConstraint(
            "debits >= 0 AND credits >= 0 AND held >= 0 AND owed >= 0 AND seq >= 0", name="counters"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), unique=True)
    frozen: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    debits: Mapped[int] = mapped_column(server_default="0", default=0)
    credits: Mapped[int] = mapped_column(server_default="0", default=0)
    held: Mapped[int] = mapped_column(server_default="0", default=0)
    owed: Mapped[int] = mapped_column(server_default="0", default=0)
    seq: Mapped[int] = mapped_column(server_default="0", default=0)
    head: Mapped[str] = mapped_column(server_default="", default="")


class Transfer(Base):
    """One debit and one credit of one amount: it sums to zero by construction."""

    __tablename__ = "transfer"
    __table_args__ = (
        *_on_sqlite(("debit_account_id", "account.id"), ("credit_account_id", "account.id")),
        sa.CheckConstraint(
            "shortfall >= 0 AND (amount > 0 OR (amount = 0 AND kind = 'reverse' AND shortfall > 0))"
            " AND (shortfall = 0 OR kind = 'reverse')",
            name="amount",
        ),
        sa.CheckConstraint("(debit_account_id <= 4) <> (credit_account_id <= 4)", name="one_member"),
        sa.CheckConstraint(_LEGS, name="legs"),
        sa.CheckConstraint(
            "(phase = 'single' AND pending_id IS NULL) OR (kind = 'redeem' AND ("
            "(phase = 'pending' AND pending_id IS NULL) OR (phase IN ('post', 'void') AND pending_id IS NOT NULL)))",
            name="phase",
        ),
        sa.CheckConstraint("(kind = 'reverse') = (reverses_id IS NOT NULL)", name="reverses"),
        sa.CheckConstraint("(kind = 'expire') = (lot_id IS NOT NULL)", name="lot"),
        sa.CheckConstraint(
            "(kind = 'earn' OR (kind = 'adjust' AND debit_account_id = 4)) = (lot_expires_at IS NOT NULL)",
            name="lot_expires",
        ),
        sa.CheckConstraint("hold_until IS NULL OR phase = 'pending'", name="hold_until"),
        sa.CheckConstraint("effective_at <= recorded_at", name="effective"),
        sa.CheckConstraint(
            "length(idem_key) BETWEEN 1 AND 200 AND length(actor) > 0 AND length(memo) <= 500", name="texts"
        ),
        sa.Index(
            "uq_transfer_pending_id",
            "pending_id",
            unique=True,
            sqlite_where=sa.text("pending_id IS NOT NULL"),
            postgresql_where=sa.text("pending_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_transfer_reverses_id",
            "reverses_id",
            unique=True,
            sqlite_where=sa.text("reverses_id IS NOT NULL"),
            postgresql_where=sa.text("reverses_id IS NOT NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    idem_key: Mapped[str] = mapped_column(unique=True)
    request_hash: Mapped[str]
    kind: Mapped[str]
    phase: Mapped[str]
    debit_account_id: Mapped[int]
    credit_account_id: Mapped[int]
    amount: Mapped[int]
    shortfall: Mapped[int] = mapped_column(server_default="0", default=0)
    pending_id: Mapped[int | None] = mapped_column(sa.ForeignKey("transfer.id"))
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("transfer.id"))
    lot_id: Mapped[int | None]
    lot_expires_at: Mapped[dt.datetime | None] = mapped_column(Micros())
    hold_until: Mapped[dt.datetime | None] = mapped_column(Micros())
    effective_at: Mapped[dt.datetime] = mapped_column(Micros())
    recorded_at: Mapped[dt.datetime] = mapped_column(Micros())
    actor: Mapped[str]
    source: Mapped[str] = mapped_column(server_default="", default="")
    memo: Mapped[str] = mapped_column(server_default="", default="")
    # Where its ground stood when it was posted (`app.hall.db.proofs.head`); none before the migration `grounds`, empty where it rests on nothing.
    ground: Mapped[str | None]


class Entry(Base):
    """What a transfer did to one account; numbered without a gap and chained by hash for enterprises."""

    __tablename__ = "entry"
    __table_args__ = (
        *_on_sqlite(("transfer_id", "transfer.id"), ("account_id", "account.id")),
        sa.CheckConstraint(
            "balance_after >= 0 AND held_after >= 0 AND balance_after >= held_after", name="never_negative"
        ),
        sa.Index(
            "uq_entry_account_id_seq",
            "account_id",
            "seq",
            unique=True,
            sqlite_where=sa.text("seq IS NOT NULL"),
            postgresql_where=sa.text("seq IS NOT NULL"),
        ),
    )
    transfer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    amount: Mapped[int]
    held: Mapped[int]
    seq: Mapped[int | None]
    balance_after: Mapped[int | None]
    held_after: Mapped[int | None]
    hash: Mapped[str | None]


class Lot(Base):
    """One earning with its own expiry; its id is the id of the transfer that made it."""

    __tablename__ = "lot"
    __table_args__ = (
        *_on_sqlite(("id", "transfer.id"), ("account_id", "account.id")),
        sa.CheckConstraint("used >= 0 AND held >= 0 AND used + held <= amount", name="never_over"),
        sa.Index(
            "ix_lot_account_id_expires_at_id",
            "account_id",
            "expires_at",
            "id",
            sqlite_where=sa.text("used + held < amount"),
            postgresql_where=sa.text("used + held < amount"),
        ),
        sa.Index("ix_lot_account_id", "account_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int]
    amount: Mapped[int]
    earned_at: Mapped[dt.datetime] = mapped_column(Micros())
    expires_at: Mapped[dt.datetime] = mapped_column(Micros())
    used: Mapped[int] = mapped_column(server_default="0", default=0)
    held: Mapped[int] = mapped_column(server_default="0", default=0)
    seq: Mapped[int] = mapped_column(server_default="0", default=0)


class LotAlloc(Base):
    """Which transfer took, held or gave back how much of which lot."""

    __tablename__ = "lot_alloc"
    __table_args__ = (
        sa.UniqueConstraint("transfer_id", "lot_id"),
        sa.CheckConstraint("used_after >= 0 AND held_after >= 0", name="never_negative"),
    )
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id"), primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    transfer_id: Mapped[int] = mapped_column(sa.ForeignKey("transfer.id"))
    used: Mapped[int]
    held: Mapped[int]
    used_after: Mapped[int]
    held_after: Mapped[int]


class Seal(Base):
    """A block over the settled transfers since the last one, to be published outside the database."""

    __tablename__ = "seal"
    __table_args__ = (sa.UniqueConstraint("up_to_id", "proofs_up_to"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    up_to_id: Mapped[int]
    count: Mapped[int]
    total: Mapped[int]
    hash: Mapped[str]
    previous: Mapped[str]
    sealed_at: Mapped[dt.datetime] = mapped_column(Micros())
    sealed_by: Mapped[str]
    # The proofs it covers (`app.hall.db.proofs`); none before the migration `grounds`.
    proofs_up_to: Mapped[int | None]
    proofs: Mapped[int | None]


class Period(Base):
    """A closed month: nothing becomes effective before its end any more."""

    __tablename__ = "period"
    __table_args__ = (sa.CheckConstraint("ends_at > starts_at", name="order"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(unique=True)
    starts_at: Mapped[dt.datetime] = mapped_column(Micros())
    ends_at: Mapped[dt.datetime] = mapped_column(Micros(), unique=True)
    closed_at: Mapped[dt.datetime] = mapped_column(Micros())
    closed_by: Mapped[str]


class AccountMonth(Base):
    """What an account's entries up to `AccountKept` add up to in one month of the park: kept, so that no page adds a history up.

    `earned` and `used` by the month in which it was recorded, the others by the month in which it is effective.
    """

    __tablename__ = "account_month"
    __table_args__ = (sa.Index("ix_account_month_month", "month"),)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("account.id"), primary_key=True, autoincrement=False
    )
    month: Mapped[dt.date] = mapped_column(primary_key=True)
    earned: Mapped[int]
    used: Mapped[int]
    gained: Mapped[int]
    spent: Mapped[int]
    issued: Mapped[int]
    redeemed: Mapped[int]


class AccountKept(Base):
    """Up to which movement, and which entry of its own, an account's months are kept; what follows is added when it is read."""

    __tablename__ = "account_kept"
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("account.id"), primary_key=True, autoincrement=False
    )
    up_to_id: Mapped[int]
    up_to_seq: Mapped[int]


class ExpiryNotice(Base):
    """A warning goes out once per lot and distance, however often the job runs."""

    __tablename__ = "expiry_notice"
    __table_args__ = (sa.UniqueConstraint("lot_id", "days_before"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(sa.ForeignKey("lot.id"))
    days_before: Mapped[int]
    sent_at: Mapped[dt.datetime]


proved(Period)
