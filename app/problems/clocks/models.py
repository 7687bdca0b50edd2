"""Clocks as rows of moments; what they show is computed, never stored."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.hall.db.versions import Version, version_rules
from app.problems.clocks.rules import CLASSES


class ClockRuleVersion(Version, Base):
    """One version of the clock rules: proposed by one person, approved by another, never edited."""

    __tablename__ = "clock_rule_version"
    __table_args__ = version_rules("clock_rule_version")

    rules: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(default="")


class ProblemClock(Base):
    """One clock of a problem: when it started, why, when it was met, and by which version of the rules it runs."""

    __tablename__ = "problem_clock"
    __table_args__ = (
        sa.UniqueConstraint("problem_id", "ordinal"),
        sa.CheckConstraint("start IN ('registered', 'changed', 'reopened')", name="start"),
        sa.CheckConstraint("class IN ('" + "', '".join(CLASSES) + "')", name="class"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(sa.ForeignKey("problem.id"))
    ordinal: Mapped[int]
    problem_class: Mapped[str] = mapped_column("class")
    start: Mapped[str]
    started_at: Mapped[dt.datetime]
    met_at: Mapped[dt.datetime | None]
    held_due_at: Mapped[dt.datetime | None]  # of one met or missed before its days were published
    moved_from_at: Mapped[dt.datetime | None]  # the due it had before they were
    rule_version_id: Mapped[int] = mapped_column(sa.ForeignKey("clock_rule_version.id"))


class ClockEvent(Base):
    """A warning or a breach that was told: once per problem, clock, version of the rules and kind."""

    __tablename__ = "clock_event"
    __table_args__ = (
        sa.UniqueConstraint("problem_id", "clock_id", "rule_version_id", "kind"),
        sa.CheckConstraint("kind IN ('half', 'three_quarters', 'breach')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(sa.ForeignKey("problem.id"))
    clock_id: Mapped[int] = mapped_column(sa.ForeignKey("problem_clock.id"))
    rule_version_id: Mapped[int] = mapped_column(sa.ForeignKey("clock_rule_version.id"))
    kind: Mapped[str]
    due_at: Mapped[dt.datetime]
    noted_at: Mapped[dt.datetime]
