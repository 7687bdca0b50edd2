"""What a member proves beside the password, and requests to take it away when it is lost."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class SecondFactor(Base):
    """An authenticator (its secret sealed) or a passkey (its public key); counts once it is confirmed."""

    __tablename__ = "second_factor"
    __table_args__ = (
        sa.UniqueConstraint("credential_id"),
        sa.CheckConstraint("kind IN ('totp', 'passkey')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    secret: Mapped[str] = mapped_column(default="")  # sealed; of a passkey the public key
    credential_id: Mapped[str | None]
    last_count: Mapped[int] = mapped_column(
        default=0
    )  # the step or signature counted last: nothing counts twice
    created_at: Mapped[dt.datetime]
    confirmed_at: Mapped[dt.datetime | None]
    used_at: Mapped[dt.datetime | None]


class RecoveryCode(Base):
    """A code for the day the factors are out of reach, kept as a hash; each opens once."""

    __tablename__ = "recovery_code"
    __table_args__ = (sa.UniqueConstraint("code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    code_hash: Mapped[str]
    used_at: Mapped[dt.datetime | None]


class FactorLoss(Base):
    """A colleague's factors are lost: one administrator says so, another confirms, only then do they end."""

    __tablename__ = "factor_loss"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    reason: Mapped[str]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    confirmed_by_id: Mapped[int | None]
    confirmed_at: Mapped[dt.datetime | None]
