"""Names that can be searched, and the bigrams they are found by."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class SearchName(Base):
    """A name of something, where it leads, and who may find it."""

    __tablename__ = "search_name"
    __table_args__ = (sa.UniqueConstraint("kind", "ref"), sa.Index("ix_search_name_seen_by", "seen_by"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    ref: Mapped[str]
    title: Mapped[str]
    subtitle: Mapped[str]
    url: Mapped[str]
    seen_by: Mapped[str]  # role codes with a blank between them; empty: every member
    organisation_id: Mapped[int | None]  # whose people find it in any case
    mark: Mapped[str]  # changes with everything above


class SearchGram(Base):
    """One bigram of one name."""

    __tablename__ = "search_gram"
    __table_args__ = (sa.Index("ix_search_gram_name_id", "name_id"),)

    gram: Mapped[str] = mapped_column(primary_key=True)
    name_id: Mapped[int] = mapped_column(
        sa.ForeignKey("search_name.id", ondelete="CASCADE"), primary_key=True
    )
