"""Imports of lists, with what was there before them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.hall.db.written import WrittenJSON


class SheetBatch(Base):
    """One upload: the rows read from it, and what was there before."""

    __tablename__ = "sheet_batch"
    __table_args__ = (
        sa.CheckConstraint("state IN ('preview', 'applied', 'undone', 'discarded')", name="state"),
        sa.Index("ix_sheet_batch_organisation_id_kind", "organisation_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    file_name: Mapped[str]
    state: Mapped[str] = mapped_column(default="preview")
    rows: Mapped[list[Any]] = mapped_column(WrittenJSON())  # [row of the file, values]
    before: Mapped[list[Any]] = mapped_column(
        WrittenJSON()
    )  # [key, values or nothing], of the rows that change
    notes: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what was passed over, and unknown columns
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
    applied_at: Mapped[dt.datetime | None]
