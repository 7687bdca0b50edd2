"""What was learnt from a problem: cause, effect, and whether it can be repeated."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class ProblemReview(Base):
    """A review; of class immediate one may cover several problems of one cause."""

    __tablename__ = "problem_review"
    __table_args__ = (sa.CheckConstraint("effect <> '' AND cause <> ''", name="complete"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    effect: Mapped[str]
    cause: Mapped[str]
    repeatable: Mapped[bool]
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    at: Mapped[dt.datetime]
