"""Monthly figures of the other rooms with the rows they are the sum of; thrown away and made anew by the clockwork."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class FigureRow(Base):
    """One row behind a monthly figure: what it is, to which group it belongs, how much of the figure it is."""

    __tablename__ = "insight_figure_row"
    __table_args__ = (sa.UniqueConstraint("figure", "month", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    figure: Mapped[str]
    month: Mapped[int]
    key: Mapped[str]
    label_zh: Mapped[str]
    label_en: Mapped[str] = mapped_column(default="")
    group: Mapped[str] = mapped_column("part", default="")
    amount: Mapped[int]
    url: Mapped[str] = mapped_column(default="")
