"""The committee, its seats, and the kinds of firm it speaks of."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class Committee(Base):
    """The 生态协同委员会."""

    __tablename__ = "committee"
    __table_args__ = (sa.CheckConstraint("quorum_percent BETWEEN 1 AND 99", name="quorum"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    founded_on: Mapped[dt.date]
    quorum_percent: Mapped[int] = mapped_column(server_default="50", default=50)


class CommitteeSeat(Base):
    """One voice at the table; it stands for a kind of member."""

    __tablename__ = "committee_seat"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('enterprise', 'university', 'institute', 'association', 'bank', 'park')", name="kind"
        ),
        sa.Index(
            "uq_committee_seat_open",
            "committee_id",
            "organisation_id",
            unique=True,
            sqlite_where=sa.text("until_on IS NULL"),
            postgresql_where=sa.text("until_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    kind: Mapped[str]
    person: Mapped[str] = mapped_column(server_default="", default="")
    since_on: Mapped[dt.date]
    until_on: Mapped[dt.date | None]


class FirmLabel(Base):
    """A kind a firm belongs to, e.g. 专精特新: lets the agenda say "six of eight"."""

    __tablename__ = "firm_label"

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
