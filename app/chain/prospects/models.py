"""Firms outside that could come, and the steps towards it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.chain.register.models import amount, one_of
from app.hall.db.base import Base

PROSPECT_STATES = ("identified", "contacted", "visited", "negotiating", "signed", "landed", "lost")


class Prospect(Base):
    """A firm outside the park that could land on a segment."""

    __tablename__ = "prospect"
    __table_args__ = (
        sa.UniqueConstraint("code"),
        sa.CheckConstraint(one_of("state", PROSPECT_STATES), name="state"),
        sa.CheckConstraint("(state = 'landed') = (organisation_id IS NOT NULL)", name="landed"),
        sa.Index("ix_prospect_chain_id_state", "chain_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("industry_chain.id"))
    code: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    products: Mapped[str] = mapped_column(default="")
    takes: Mapped[list[str]] = mapped_column(default=list)
    brings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="identified")
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    next_step: Mapped[str] = mapped_column(default="")
    due_on: Mapped[dt.date | None]
    source: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="", server_default="")
    contact_phone: Mapped[str] = mapped_column(default="", server_default="")
    cost_wan: Mapped[float | None]  # what it takes to win it; None: not known, which is not nothing
    one_of: Mapped[str] = mapped_column(
        server_default="", default=""
    )  # of those that share this, one can come
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    created_at: Mapped[dt.datetime]
    touched_at: Mapped[dt.datetime]


class ProspectPosition(Base):
    """What a prospect would make, on which segment."""

    __tablename__ = "prospect_position"
    __table_args__ = (sa.UniqueConstraint("prospect_id", "segment_id"), amount("output_wan"))

    id: Mapped[int] = mapped_column(primary_key=True)
    prospect_id: Mapped[int] = mapped_column(sa.ForeignKey("prospect.id", ondelete="CASCADE"))
    segment_id: Mapped[int] = mapped_column(sa.ForeignKey("segment.id"))
    output_wan: Mapped[float]


class ProspectStep(Base):
    """One note or move in the pipeline of a prospect."""

    __tablename__ = "prospect_step"
    __table_args__ = (sa.Index("ix_prospect_step_prospect_id_at", "prospect_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    prospect_id: Mapped[int] = mapped_column(sa.ForeignKey("prospect.id", ondelete="CASCADE"))
    state: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    at: Mapped[dt.datetime]


class ProspectFile(Base):
    """A paper about a prospect; the bytes lie outside the web root under a name of our own."""

    __tablename__ = "prospect_file"
    __table_args__ = (
        sa.UniqueConstraint("prospect_id", "sha256"),
        sa.CheckConstraint("size_bytes > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    prospect_id: Mapped[int] = mapped_column(sa.ForeignKey("prospect.id", ondelete="CASCADE"))
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    stored_as: Mapped[str] = mapped_column(unique=True)
    uploaded_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    uploaded_at: Mapped[dt.datetime]
