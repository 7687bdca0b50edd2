"""Scores of firms as they came, and the sums of each month, which can be thrown away and made anew."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base

LAYERS = ("new", "large", "medium", "small_micro")
ALL = ""  # the layer of the sums over all firms
SOURCES = ("survey", "rating", "response", "policy_money", "activity", "import")
CLOSED = ("survey", "import", "activity")  # sources whose version counts; the system measures under any


class DimensionRow(Base):
    """One dimension of service, in the order in which pages show it."""

    __tablename__ = "insight_dimension"

    code: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    position: Mapped[int]


class ScoreRow(Base):
    """One score of one firm: what every figure in the end opens. `month` counts months: 12 · year + month − 1."""

    __tablename__ = "insight_score"
    __table_args__ = (
        sa.UniqueConstraint("source", "key"),
        sa.CheckConstraint("denominator > 0 AND numerator >= 0", name="sign"),
        sa.CheckConstraint("numerator <= 100 * denominator", name="range"),
        sa.CheckConstraint("source IN ('" + "', '".join(SOURCES) + "')", name="source"),
        sa.CheckConstraint("layer IN ('" + "', '".join(LAYERS) + "')", name="layer"),
        sa.Index("ix_insight_score_month", "dimension", "month"),
        sa.Index("ix_insight_score_firm", "organisation_id", "month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    month: Mapped[int]
    layer: Mapped[str]
    dimension: Mapped[str] = mapped_column(sa.ForeignKey("insight_dimension.code"))
    version: Mapped[str] = mapped_column(default="")
    numerator: Mapped[int]
    denominator: Mapped[int] = mapped_column(default=1)
    source: Mapped[str]
    key: Mapped[str]
    happened_on: Mapped[dt.date]


class MonthScore(Base):
    """The exact sum of the scores of a month's firms, over all of them or of one layer, of the version that counts."""

    __tablename__ = "insight_month_score"

    dimension: Mapped[str] = mapped_column(sa.ForeignKey("insight_dimension.code"), primary_key=True)
    layer: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str]
    n: Mapped[int]
    # Digits, for a sum of many fractions may have a denominator beyond 64 bits.
    numerator: Mapped[str]
    denominator: Mapped[str]
