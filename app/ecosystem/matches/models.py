"""Pairs that could meet, the answers, and a no that stays a no."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base

OPEN_MATCH = "state IN ('proposed', 'asked', 'mutual', 'introduced')"


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
            "uq_match_open_pair",
            "need_id",
            "offer_id",
            unique=True,
            sqlite_where=sa.text(OPEN_MATCH),
            postgresql_where=sa.text(OPEN_MATCH),
        ),
        sa.Index("ix_match_need_organisation_id_state", "need_organisation_id", "state"),
        sa.Index("ix_match_offer_organisation_id_state", "offer_organisation_id", "state"),
    )

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
