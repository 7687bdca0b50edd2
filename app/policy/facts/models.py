"""Tables of what is known of firms: kinds of facts, their values now, and every value there ever was."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.hall.db.base import Base

NO_PERIOD = 0  # a fact without months; a NULL would not be unique
LARGEST_MONTH = 2200 * 12


class FactKind(Base):
    """What can be known of a firm; `source` names the room that knows it, and is empty where people say it."""

    __tablename__ = "fact_kind"
    __table_args__ = (
        sa.UniqueConstraint("code"),
        sa.CheckConstraint("value_kind IN ('number', 'text', 'day')", name="value_kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name_zh: Mapped[str] = mapped_column(default="")
    name_en: Mapped[str] = mapped_column(default="")
    value_kind: Mapped[str]
    unit_zh: Mapped[str] = mapped_column(default="")
    unit_en: Mapped[str] = mapped_column(default="")
    by_month: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(default="")
    # Values that may be chosen: [value, Chinese, English] each; none: it is typed.
    choices: Mapped[list[list[str]]] = mapped_column(sa.JSON(), default=list)
    created_at: Mapped[dt.datetime]


class Fact(Base):
    """What is known now of one firm in one month (or without one); no value: it was taken back."""

    __tablename__ = "fact"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "kind_id", "period"),
        sa.CheckConstraint(f"period >= 0 AND period < {LARGEST_MONTH}", name="period"),
        sa.CheckConstraint("confirmed_by <> recorded_by", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    kind_id: Mapped[int] = mapped_column(sa.ForeignKey("fact_kind.id"), index=True)
    period: Mapped[int] = mapped_column(default=NO_PERIOD)
    value: Mapped[str | None]
    source: Mapped[str]
    recorded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    recorded_at: Mapped[dt.datetime]
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    confirmed_at: Mapped[dt.datetime | None]

    kind: Mapped[FactKind] = relationship(lazy="raise")


class FactHistory(Base):
    """Every value that was ever recorded; rows are only added."""

    __tablename__ = "fact_history"
    __table_args__ = (sa.Index("ix_fact_history_fact", "organisation_id", "kind_id", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    kind_id: Mapped[int] = mapped_column(sa.ForeignKey("fact_kind.id"))
    period: Mapped[int]
    value: Mapped[str | None]
    source: Mapped[str]
    recorded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    recorded_at: Mapped[dt.datetime]
