"""Tea talks and activities, and who was asked to come."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.voice.visits.models import one_of

KINDS = ("tea_talk", "activity")
STATES = ("planned", "held", "cancelled")
ANSWERS = ("sent", "accepted", "declined", "silent", "attended", "absent")


class Gathering(Base):
    """A tea talk with one question, or an activity; `series` puts what is compared before and after together."""

    __tablename__ = "gathering"
    __table_args__ = (
        sa.CheckConstraint(one_of("kind", KINDS), name="kind"),
        sa.CheckConstraint(one_of("state", STATES), name="state"),
        sa.CheckConstraint("came IS NULL OR (came >= 0 AND came <= invited)", name="came"),
        sa.Index("ix_gathering_held_on", "held_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str]
    held_on: Mapped[dt.date]
    starts: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    question: Mapped[str] = mapped_column(default="")
    series: Mapped[str] = mapped_column(default="")
    changed: Mapped[str] = mapped_column(default="")
    seats: Mapped[int]
    rest_months: Mapped[int] = mapped_column(default=3)
    # Counts of an activity whose guests are not listed one by one.
    invited: Mapped[int | None]
    came: Mapped[int | None]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]


class Invitation(Base):
    """One firm asked to one gathering."""

    __tablename__ = "invitation"
    __table_args__ = (
        sa.UniqueConstraint("gathering_id", "organisation_id"),
        sa.CheckConstraint(one_of("state", ANSWERS), name="state"),
        sa.Index("ix_invitation_organisation_id", "organisation_id", "invited_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gathering_id: Mapped[int] = mapped_column(sa.ForeignKey("gathering.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    silence_days: Mapped[int | None]
    invited_on: Mapped[dt.date]
    answered_at: Mapped[dt.datetime | None]
    because: Mapped[str] = mapped_column(default="")


class OptOut(Base):
    """A firm that asked not to be invited any more."""

    __tablename__ = "invitation_opt_out"

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)
    since_on: Mapped[dt.date]
