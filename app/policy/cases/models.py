"""Tables of cases and their dated steps."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.hall.db.base import Base
from app.policy.states import CASE, RUNNING

RUNS = f"state IN ({', '.join(map(repr, RUNNING))})"


class PolicyCase(Base):
    """One firm on its way with one version; `judged` is the fit of the day it began, and stays."""

    __tablename__ = "policy_case"
    __table_args__ = (
        sa.CheckConstraint(f"state IN ({', '.join(map(repr, CASE))})", name="state"),
        sa.CheckConstraint("state <> 'paid' OR paid_on IS NOT NULL", name="paid"),
        sa.CheckConstraint("amount_fen IS NULL OR amount_fen BETWEEN 0 AND 1000000000000000", name="amount"),
        sa.CheckConstraint("automatic = (consented_by IS NOT NULL)", name="consent"),
        sa.Index(
            "uq_policy_case_running",
            "policy_version_id",
            "organisation_id",
            unique=True,
            sqlite_where=sa.text(RUNS),
            postgresql_where=sa.text(RUNS),
        ),
        sa.Index("ix_policy_case_organisation_id", "organisation_id"),
        sa.Index("ix_policy_case_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    policy_version_id: Mapped[int] = mapped_column(sa.ForeignKey("policy_version.id"))
    push_id: Mapped[int | None] = mapped_column(sa.ForeignKey("push.id"), unique=True)
    state: Mapped[str] = mapped_column(default="started")
    automatic: Mapped[bool] = mapped_column(default=False)
    judged: Mapped[dict[str, Any]]
    as_of: Mapped[dt.date]
    month: Mapped[int]
    started_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    started_on: Mapped[dt.date]
    due_on: Mapped[dt.date | None]
    filed_on: Mapped[dt.date | None]
    granted_on: Mapped[dt.date | None]
    paid_on: Mapped[dt.date | None]
    closed_on: Mapped[dt.date | None]
    amount_fen: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    consented_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]

    steps: Mapped[list[PolicyCaseStep]] = relationship(lazy="raise", order_by="PolicyCaseStep.id")


class PolicyCaseStep(Base):
    """What happened in a case, on which day; also that a new version would judge it otherwise."""

    __tablename__ = "policy_case_step"
    __table_args__ = (sa.Index("ix_policy_case_step_case_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("policy_case.id"))
    action: Mapped[str]
    on_day: Mapped[dt.date]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[dt.datetime]
