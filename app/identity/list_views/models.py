"""How a member looks at a list: what was chosen last, and what they saved under a name."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class ListView(Base):
    """One choice of filters on one list; the one without a name is what the member left there last."""

    __tablename__ = "list_view"
    __table_args__ = (sa.UniqueConstraint("member_id", "path", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    path: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    query: Mapped[str]
    saved_at: Mapped[dt.datetime]
