"""Tables of fits: one per version and firm, and when each firm was last looked at."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.policy.rules.policy import STATES


class Fit(Base):
    """How a version fits a firm, in exact weights: `met` and `possible` of `total`."""

    __tablename__ = "fit"
    __table_args__ = (
        sa.UniqueConstraint("policy_version_id", "organisation_id"),
        sa.CheckConstraint(f"state IN ({', '.join(map(repr, STATES))})", name="state"),
        sa.CheckConstraint("met >= 0 AND met <= possible AND possible <= total", name="weights"),
        sa.Index("ix_fit_organisation_id", "organisation_id"),
        sa.Index("ix_fit_state", "state", "policy_version_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_version_id: Mapped[int] = mapped_column(sa.ForeignKey("policy_version.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    state: Mapped[str]
    met: Mapped[int]
    possible: Mapped[int]
    total: Mapped[int]
    results: Mapped[list[Any]]
    ask: Mapped[list[str]]
    month: Mapped[int]
    as_of: Mapped[dt.date]
    computed_at: Mapped[dt.datetime]
    asked_on: Mapped[dt.date | None]  # since when the firm has an open question


class FirmCheck(Base):
    """When all policies were last held against a firm; its row is the lock of the firm's facts."""

    __tablename__ = "firm_check"

    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id"), primary_key=True, autoincrement=False
    )
    checked_on: Mapped[dt.date | None] = mapped_column(index=True)
