"""What firms ask for and offer."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class Post(Base):
    """A need or an offer: one table, so that search, review, expiry and matching are written once."""

    __tablename__ = "post"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('need', 'offer')", name="kind"),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'engaged', 'satisfied', 'expired', 'withdrawn')", name="state"
        ),
        sa.CheckConstraint("visibility IN ('park', 'matched')", name="visibility"),
        sa.CheckConstraint("amount_fen IS NULL OR amount_fen >= 0", name="amount"),
        sa.CheckConstraint("quantity IS NULL OR quantity > 0", name="quantity"),
        sa.CheckConstraint("state IN ('draft', 'withdrawn') OR published_at IS NOT NULL", name="reviewed"),
        sa.Index("ix_post_state_kind", "state", "kind"),
        sa.Index("ix_post_organisation_id", "organisation_id"),
    )
    __mapper_args__ = {"polymorphic_on": "kind"}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    title: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="", default="")
    product: Mapped[str] = mapped_column(server_default="", default="")
    # What others read: the same words without whatever tells who wrote them.
    shown_title: Mapped[str]
    shown_description: Mapped[str] = mapped_column(server_default="", default="")
    shown_product: Mapped[str] = mapped_column(server_default="", default="")
    segment: Mapped[str | None]
    place: Mapped[str | None]
    amount_fen: Mapped[int | None]
    quantity: Mapped[int | None]
    unit: Mapped[str] = mapped_column(server_default="", default="")
    deadline: Mapped[dt.date | None]
    visibility: Mapped[str] = mapped_column(server_default="park", default="park")
    matching: Mapped[bool] = mapped_column(server_default=sa.true(), default=True)
    state: Mapped[str] = mapped_column(server_default="draft", default="draft")
    submitted_at: Mapped[dt.datetime | None]
    published_at: Mapped[dt.datetime | None]
    published_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    review_note: Mapped[str] = mapped_column(server_default="", default="")
    flags: Mapped[list[str]] = mapped_column(default=list)
    reminded_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]


class Need(Post):
    """What an organisation looks for."""

    __mapper_args__ = {"polymorphic_identity": "need"}


class Offer(Post):
    """What an organisation can give."""

    __mapper_args__ = {"polymorphic_identity": "offer"}


class PostTag(Base):
    """One tag of a need or offer."""

    __tablename__ = "post_tag"
    __table_args__ = (sa.Index("ix_post_tag_tag", "tag"),)

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)
