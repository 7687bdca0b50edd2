"""One joining of two organisations, and the rows that followed it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class OrganisationJoin(Base):
    """Two rows were one firm: which was joined into which, by whom and why, and whether it was taken back."""

    __tablename__ = "organisation_join"
    __table_args__ = (
        sa.CheckConstraint("from_id <> into_id", name="two"),
        sa.Index(
            "uq_organisation_join_from_id",
            "from_id",
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
        sa.Index("ix_organisation_join_into_id", "into_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    into_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    reason: Mapped[str]
    status_before: Mapped[str]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    at: Mapped[dt.datetime]
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    undone_at: Mapped[dt.datetime | None]


class OrganisationJoinRow(Base):
    """One row that followed a joining: its column, and the key that tells it from the others."""

    __tablename__ = "organisation_join_row"
    __table_args__ = (sa.Index("ix_organisation_join_row_join_id_place", "join_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    join_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation_join.id"))
    place: Mapped[str]
    row_key: Mapped[str]
