"""Versions of the codebook, what firms said, the themes found in it, and what two coders made of a sample."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.hall.db.versions import Version, version_rules


class CodebookVersion(Version, Base):
    """One codebook file; its tests pass before a second person approves it, and then it is never edited."""

    __tablename__ = "insight_codebook"
    __table_args__ = (sa.UniqueConstraint("version"), *version_rules("insight_codebook"))

    version: Mapped[int]
    text: Mapped[str]


class SaidRow(Base):
    """One sentence: `text` only where this room is the first to write it down, else it stays where it was said."""

    __tablename__ = "insight_said"
    __table_args__ = (
        sa.UniqueConstraint("source", "key"),
        sa.Index("ix_insight_said_month", "month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    key: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    month: Mapped[int]
    text: Mapped[str | None]
    read_version: Mapped[int] = mapped_column(default=0)


class MentionRow(Base):
    """One theme in one sentence, with the place of the words; what a person added or struck says so."""

    __tablename__ = "insight_mention"
    __table_args__ = (
        sa.UniqueConstraint("said_id", "theme", "version"),
        sa.CheckConstraint("origin IN ('rule', 'person')", name="origin"),
        sa.Index("ix_insight_mention_month", "dimension", "month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    said_id: Mapped[int] = mapped_column(sa.ForeignKey("insight_said.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    month: Mapped[int]
    dimension: Mapped[str] = mapped_column(sa.ForeignKey("insight_dimension.code"))
    theme: Mapped[str]
    version: Mapped[int]
    start: Mapped[int] = mapped_column(default=0)
    end: Mapped[int] = mapped_column("stop", default=0)
    pattern: Mapped[str] = mapped_column(default="")
    origin: Mapped[str] = mapped_column(default="rule")
    struck: Mapped[bool] = mapped_column(default=False)
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    at: Mapped[dt.datetime]


class Coding(Base):
    """Whether one coder sees one theme in one sentence of the double-coded sample."""

    __tablename__ = "insight_coding"
    __table_args__ = (sa.UniqueConstraint("said_id", "theme", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    said_id: Mapped[int] = mapped_column(sa.ForeignKey("insight_said.id"))
    theme: Mapped[str]
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    present: Mapped[bool]
    at: Mapped[dt.datetime]
