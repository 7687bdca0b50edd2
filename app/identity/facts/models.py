"""Every change of a fact that the park keeps of an organisation: what it was, what it becomes, who agreed."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base

STATES = ("waits", "in_force", "refused", "withdrawn")


class OrganisationChange(Base):
    """One fact changed, or asked to be changed; the rows of a field are its history."""

    __tablename__ = "organisation_change"
    __table_args__ = (
        sa.CheckConstraint("state IN ('" + "', '".join(STATES) + "')", name="state"),
        sa.Index("ix_organisation_change_organisation_id", "organisation_id"),
        sa.Index(
            "uq_organisation_change_waits",
            "organisation_id",
            "field",
            unique=True,
            sqlite_where=sa.text("state = 'waits'"),
            postgresql_where=sa.text("state = 'waits'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    field: Mapped[str]
    before: Mapped[str] = mapped_column(default="")
    after: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    at: Mapped[dt.datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    decided_at: Mapped[dt.datetime | None]
