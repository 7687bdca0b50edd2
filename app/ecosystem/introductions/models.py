"""An introduction on its way: notes, meetings, files."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class Introduction(Base):
    """Two sides brought together: by a match, a redeemed reward, a service pack or the park's staff."""

    __tablename__ = "introduction"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('opened', 'met', 'negotiating', 'agreed', 'delivering', 'verified', 'lost')",
            name="state",
        ),
        sa.CheckConstraint("origin IN ('match', 'reward', 'pack', 'staff')", name="origin"),
        sa.CheckConstraint("asking_id IS NOT NULL OR pack_id IS NOT NULL", name="somebody_asks"),
        sa.CheckConstraint("asking_id <> giving_id", name="two_sides"),
        sa.CheckConstraint("credited_at IS NULL OR state = 'verified'", name="credited_when_verified"),
        sa.UniqueConstraint("match_id"),
        sa.UniqueConstraint("redemption_id"),
        sa.Index("ix_introduction_asking_id", "asking_id"),
        sa.Index("ix_introduction_giving_id", "giving_id"),
        sa.Index("ix_introduction_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str]
    title: Mapped[str]
    match_id: Mapped[int | None] = mapped_column(sa.ForeignKey("match.id"))
    redemption_id: Mapped[int | None]
    pack_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_pack.id"))
    pack_item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pack_item.id"), unique=True)
    asking_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    giving_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    next_step: Mapped[str] = mapped_column(server_default="", default="")
    next_due_on: Mapped[dt.date | None]
    next_owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(server_default="opened", default="opened")
    lost_reason: Mapped[str] = mapped_column(server_default="", default="")
    opened_at: Mapped[dt.datetime]
    last_noted_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    credited_at: Mapped[dt.datetime | None]
    reminded_at: Mapped[dt.datetime | None]


class IntroductionNote(Base):
    """One line of the timeline: what somebody noted, or a step that was taken."""

    __tablename__ = "introduction_note"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('note', 'step', 'meeting', 'file', 'outcome')", name="kind"),
        sa.Index("ix_introduction_note_introduction_id", "introduction_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    introduction_id: Mapped[int] = mapped_column(sa.ForeignKey("introduction.id"))
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(server_default="", default="")
    to_state: Mapped[str] = mapped_column(server_default="", default="")
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]


class Appointment(Base):
    """A meeting of the two sides, sent out as an iCal invitation; a change raises its sequence."""

    __tablename__ = "appointment"
    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        sa.Index("ix_appointment_introduction_id", "introduction_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    introduction_id: Mapped[int] = mapped_column(sa.ForeignKey("introduction.id"))
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    place: Mapped[str] = mapped_column(server_default="", default="")
    sequence: Mapped[int] = mapped_column(server_default="0", default=0)
    cancelled_at: Mapped[dt.datetime | None]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]


class IntroductionFile(Base):
    """A file one side left for the other."""

    __tablename__ = "introduction_file"
    __table_args__ = (
        sa.CheckConstraint("size > 0 AND size <= 5242880", name="size"),
        sa.Index("ix_introduction_file_introduction_id", "introduction_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    introduction_id: Mapped[int] = mapped_column(sa.ForeignKey("introduction.id"))
    name: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
