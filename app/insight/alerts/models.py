"""What the rules say of each month, alerts with their life, and what was done about them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base

KINDS = ("falls_twice", "leading")
STATES = ("firing", "recovering", "stale", "resolved", "ended", "withdrawn")
OPEN = ("firing", "recovering", "stale")
SEEN = ("new", "acknowledged", "countered")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ('" + "', '".join(values) + "')"


class AlertMonth(Base):
    """One month of one series (or of a theme ahead of it) as the rules see it; made anew whenever a score changes."""

    __tablename__ = "insight_alert_month"

    kind: Mapped[str] = mapped_column(primary_key=True)
    dimension: Mapped[str] = mapped_column(sa.ForeignKey("insight_dimension.code"), primary_key=True)
    layer: Mapped[str] = mapped_column(primary_key=True)
    theme: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    row: Mapped[dict[str, Any]]


class AlertRow(Base):
    """An alert from the month that opened it to its end; what people did about it stays whatever the scores become."""

    __tablename__ = "insight_alert"
    __table_args__ = (
        sa.UniqueConstraint("kind", "dimension", "layer", "theme", "opened_month"),
        sa.CheckConstraint(_one_of("kind", KINDS), name="kind"),
        sa.CheckConstraint(_one_of("state", STATES), name="state"),
        sa.CheckConstraint(_one_of("seen", SEEN), name="seen"),
        sa.CheckConstraint("state <> 'ended' OR because <> ''", name="because"),
        sa.Index("ix_insight_alert_state", "state", "opened_month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    dimension: Mapped[str] = mapped_column(sa.ForeignKey("insight_dimension.code"))
    layer: Mapped[str] = mapped_column(default="")
    theme: Mapped[str] = mapped_column(default="")
    opened_month: Mapped[int]
    last_month: Mapped[int]
    state: Mapped[str]
    weak: Mapped[bool] = mapped_column(default=False)
    seen: Mapped[str] = mapped_column(default="new")
    created_at: Mapped[dt.datetime]
    acknowledged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    acknowledged_at: Mapped[dt.datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    ended_month: Mapped[int | None]
    because: Mapped[str] = mapped_column(default="")


class Countermeasure(Base):
    """What was done about an alert, by whom, from when, and the first month in which it can show."""

    __tablename__ = "insight_countermeasure"
    __table_args__ = (sa.CheckConstraint("what <> ''", name="what"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(sa.ForeignKey("insight_alert.id"), index=True)
    what: Mapped[str]
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    starts_on: Mapped[dt.date]
    shows_from: Mapped[int]
    problem_id: Mapped[int | None] = mapped_column(sa.ForeignKey("problem.id"))
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    made_at: Mapped[dt.datetime]
