"""Licences of patents and placements of people."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.sharing.calendar.models import one_of


class Licence(Base):
    """The right to use a patent; stays valid when the listing is withdrawn."""

    __tablename__ = "licence"
    __table_args__ = (one_of("state", "requested", "granted", "rejected", "expired", "terminated"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    purpose: Mapped[str]
    months: Mapped[int]
    fee_fen: Mapped[int]
    fee_basis: Mapped[str]
    state: Mapped[str] = mapped_column(default="requested")
    created_at: Mapped[dt.datetime]
    starts_on: Mapped[dt.date | None]
    ends_on: Mapped[dt.date | None]
    decided_at: Mapped[dt.datetime | None]
    end_reason: Mapped[str] = mapped_column(default="")


class Placement(Base):
    """An expert works for another firm for a while, if the expert wants to."""

    __tablename__ = "placement"
    __table_args__ = (
        one_of("state", "requested", "employee_consented", "agreed", "active", "ended"),
        sa.CheckConstraint("starts_on <= ends_on", name="span"),
        sa.CheckConstraint("days > 0", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(sa.ForeignKey("resource.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    purpose: Mapped[str]
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    days: Mapped[int]
    state: Mapped[str] = mapped_column(default="requested")
    consent_hash: Mapped[str] = mapped_column(default="")
    consented_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    end_reason: Mapped[str] = mapped_column(default="")
