"""What a firm that has not arrived yet already gets."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class ServicePack(Base):
    """A prospect's neighbours, resources and benefits, readable by a secret link."""

    __tablename__ = "service_pack"
    __table_args__ = (
        sa.CheckConstraint("state IN ('draft', 'shared', 'withdrawn')", name="state"),
        sa.UniqueConstraint("token"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    industry: Mapped[str] = mapped_column(server_default="", default="")
    segment: Mapped[str | None]
    prospect_id: Mapped[int | None]
    enterprise_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    greeting: Mapped[str] = mapped_column(server_default="", default="")
    token: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="draft", default="draft")
    expires_on: Mapped[dt.date]
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    opened_count: Mapped[int] = mapped_column(server_default="0", default=0)
    last_opened_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]


class PackItem(Base):
    """One thing in the pack; `organisation_id` stays hidden until both sides said yes."""

    __tablename__ = "pack_item"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('basic', 'neighbour', 'resource', 'talent', 'policy', 'recruiting', 'benefit')",
            name="kind",
        ),
        sa.Index("ix_pack_item_pack_id", "pack_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(sa.ForeignKey("service_pack.id"))
    kind: Mapped[str]
    position: Mapped[int]
    title: Mapped[str]
    detail: Mapped[str] = mapped_column(server_default="", default="")
    reason: Mapped[dict[str, Any]] = mapped_column(default=dict)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    wanted_at: Mapped[dt.datetime | None]
    agreed_at: Mapped[dt.datetime | None]
    declined_at: Mapped[dt.datetime | None]
    due_days: Mapped[int | None]  # a milestone of the newcomer, so many days after its landing


class IndustryPack(Base):
    """What firms of one industry usually need first: data that the park edits, from which packs are built."""

    __tablename__ = "industry_pack"
    __table_args__ = (sa.UniqueConstraint("code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(server_default="", default="")
    resource_words: Mapped[list[str]]
    offer_tags: Mapped[list[str]]
    lines: Mapped[list[Any]]
    updated_at: Mapped[dt.datetime]
