"""Imports, with what was there before them, and files that wait for a word on what they hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.chain.register.models import one_of
from app.hall.db.base import Base
from app.hall.db.written import WrittenJSON

IMPORT_STATES = ("preview", "applied", "undone", "discarded")
DRAFT_KINDS = ("sectors", "graph")


class ImportBatch(Base):
    """One upload: the rows read from it, what they would change, and what was there before."""

    __tablename__ = "import_batch"
    __table_args__ = (
        sa.CheckConstraint(one_of("state", IMPORT_STATES), name="state"),
        sa.Index("ix_import_batch_chain_id_created_at", "chain_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"))
    file_name: Mapped[str]
    state: Mapped[str] = mapped_column(default="preview")
    tables: Mapped[list[str]]
    rows: Mapped[dict[str, Any]] = mapped_column(WrittenJSON())
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    origin: Mapped[dict[str, Any] | None]
    version_before: Mapped[int]
    version_after: Mapped[int | None]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
    applied_at: Mapped[dt.datetime | None]


class ImportDraft(Base):
    """A file that was read but asks first: which segment a sector is, what a column holds. Gone once it is answered."""

    __tablename__ = "import_draft"
    __table_args__ = (sa.CheckConstraint(one_of("kind", DRAFT_KINDS), name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int | None] = mapped_column(sa.ForeignKey("industry_chain.id"), index=True)
    kind: Mapped[str]
    file_name: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(WrittenJSON())
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    created_at: Mapped[dt.datetime]
