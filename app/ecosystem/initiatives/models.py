"""Causes outside the park and what several owners promised to do about one of them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class ExternalFactor(Base):
    """A cause outside the park, such as a closed road, with the day it began."""

    __tablename__ = "external_factor"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    since_on: Mapped[dt.date]
    until_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]


class Initiative(Base):
    """Several owners, one lead, deliverables; the figures are those it was proposed with."""

    __tablename__ = "initiative"
    __table_args__ = (
        sa.CheckConstraint("state IN ('proposed', 'agreed', 'in_progress', 'done', 'dropped')", name="state"),
        sa.CheckConstraint("state IN ('proposed', 'dropped') OR lead_id IS NOT NULL", name="lead"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    factor_id: Mapped[int] = mapped_column(sa.ForeignKey("external_factor.id"), index=True)
    title: Mapped[str]
    state: Mapped[str]
    lead_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    complaints_before: Mapped[int]
    firm_months_before: Mapped[int]
    complaints_after: Mapped[int]
    firm_months_after: Mapped[int]
    proposed_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class InitiativeDeliverable(Base):
    """What an owner promised, in its unit."""

    __tablename__ = "initiative_deliverable"
    __table_args__ = (sa.CheckConstraint("quantity > 0 AND delivered >= 0", name="quantity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(sa.ForeignKey("initiative.id"), index=True)
    what: Mapped[str]
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    quantity: Mapped[int]
    unit: Mapped[str]
    promised_on: Mapped[dt.date]
    delivered: Mapped[int] = mapped_column(default=0)
    delivered_on: Mapped[dt.date | None]
