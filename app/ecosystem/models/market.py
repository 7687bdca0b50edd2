"""What firms ask for and offer, and the pairs that could meet."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

OPEN_MATCH = "state IN ('proposed', 'asked', 'mutual', 'introduced')"


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


class Match(Base):
    """A need and an offer that could meet, what speaks for it, and what either side answered."""

    __tablename__ = "match"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('proposed', 'asked', 'mutual', 'introduced', 'declined', 'lapsed')", name="state"
        ),
        sa.CheckConstraint("need_organisation_id <> offer_organisation_id", name="two_sides"),
        sa.CheckConstraint(
            "state NOT IN ('mutual', 'introduced') OR (need_says AND offer_says)", name="both_said_yes"
        ),
        sa.CheckConstraint("score_ratio >= 0 AND score_ratio <= 1", name="score"),
        sa.Index(
            "uq_match_open_pair", "need_id", "offer_id", unique=True,
            sqlite_where=sa.text(OPEN_MATCH), postgresql_where=sa.text(OPEN_MATCH),
        ),
        sa.Index("ix_match_need_organisation_id_state", "need_organisation_id", "state"),
        sa.Index("ix_match_offer_organisation_id_state", "offer_organisation_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id"))
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id"))
    need_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    offer_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    score_ratio: Mapped[float] = mapped_column(sa.Float)
    reasons: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(server_default="proposed", default="proposed")
    need_says: Mapped[bool | None]
    offer_says: Mapped[bool | None]
    need_answered_at: Mapped[dt.datetime | None]
    offer_answered_at: Mapped[dt.datetime | None]
    expires_on: Mapped[dt.date]
    created_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]


class MatchRefusal(Base):
    """A "no": until its day the pair is not proposed again, whatever its score becomes."""

    __tablename__ = "match_refusal"
    __table_args__ = (
        sa.UniqueConstraint("match_id"),
        sa.Index("ix_match_refusal_until_on", "until_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("match.id"))
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id"))
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id"))
    need_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    offer_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    reason: Mapped[str] = mapped_column(server_default="", default="")
    until_on: Mapped[dt.date]
    created_at: Mapped[dt.datetime]


class MatchPolicy(Base):
    """The park's settings of the market; one row, missing means the defaults."""

    __tablename__ = "match_policy"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.CheckConstraint("refusal_days BETWEEN 1 AND 3650", name="refusal_days"),
        sa.CheckConstraint("most_open BETWEEN 1 AND 100", name="most_open"),
        sa.CheckConstraint("least_percent BETWEEN 1 AND 99", name="least_percent"),
        sa.CheckConstraint("answer_days BETWEEN 1 AND 365", name="answer_days"),
        sa.CheckConstraint("review IN ('rules', 'always')", name="review"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    refusal_days: Mapped[int] = mapped_column(server_default="180", default=180)
    most_open: Mapped[int] = mapped_column(server_default="8", default=8)
    least_percent: Mapped[int] = mapped_column(server_default="30", default=30)
    answer_days: Mapped[int] = mapped_column(server_default="30", default=30)
    review: Mapped[str] = mapped_column(server_default="always", default="always")


class FirmLabel(Base):
    """A kind a firm belongs to, e.g. 专精特新: lets the agenda say "six of eight"."""

    __tablename__ = "firm_label"

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)


class Signal(Base):
    """Something heard or refused, kept as evidence: a complaint, a visit remark, a refused booking."""

    __tablename__ = "signal"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('complaint', 'visit', 'survey', 'refused_booking')", name="kind"),
        sa.CheckConstraint("minutes >= 0", name="minutes"),
        sa.UniqueConstraint("source"),
        sa.Index("ix_signal_occurred_on", "occurred_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    text: Mapped[str]
    topic: Mapped[str] = mapped_column(server_default="", default="")
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    segment: Mapped[str | None]
    resource_id: Mapped[int | None]
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("post.id"))
    minutes: Mapped[int] = mapped_column(server_default="0", default=0)
    occurred_on: Mapped[dt.date]
    source: Mapped[str | None]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]


class SignalTag(Base):
    """One tag of a signal."""

    __tablename__ = "signal_tag"

    signal_id: Mapped[int] = mapped_column(sa.ForeignKey("signal.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)
