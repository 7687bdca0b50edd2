"""Meetings, their subjects, votes and resolutions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class Meeting(Base):
    """One round table of the committee."""

    __tablename__ = "committee_meeting"
    __table_args__ = (
        sa.CheckConstraint("state IN ('planned', 'held', 'cancelled')", name="state"),
        sa.CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        sa.UniqueConstraint("committee_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"))
    number: Mapped[int]
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    place: Mapped[str] = mapped_column(server_default="", default="")
    state: Mapped[str] = mapped_column(server_default="planned", default="planned")
    minutes: Mapped[str] = mapped_column(server_default="", default="")
    weak_links: Mapped[list[Any]] = mapped_column(default=list)
    sequence: Mapped[int] = mapped_column(server_default="0", default=0)
    arranged: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    dropped: Mapped[list[Any]] = mapped_column(server_default="[]", default=list)
    attendance: Mapped[dict[str, Any]] = mapped_column(server_default="{}", default=dict)
    created_at: Mapped[dt.datetime]


class AgendaItem(Base):
    """One subject of a meeting; computed ones keep the rows they were computed from."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('overdue', 'overdue_problem', 'alert', 'initiative', 'concern', 'weak_link',"
            " 'refused_demand', 'own')",
            name="kind",
        ),
        sa.UniqueConstraint("meeting_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("committee_meeting.id"))
    position: Mapped[int]
    kind: Mapped[str]
    key: Mapped[str]
    title: Mapped[str] = mapped_column(server_default="", default="")
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    minutes: Mapped[str] = mapped_column(server_default="", default="")
    # Of the day of the vote, written with its first voice: seats that end or come later change nothing.
    voted_on: Mapped[dt.date | None]
    roll: Mapped[list[int] | None] = mapped_column(sa.JSON(none_as_null=True))
    quorum_percent: Mapped[int | None]


class Vote(Base):
    """What one seat said to one subject; `entered` where somebody else wrote it down for the seat.

    Triggers (migrations 0020 and 0052) keep a seat's own word, the roll, and everything once it is resolved or over.
    """

    __tablename__ = "vote"
    __table_args__ = (
        sa.CheckConstraint("choice IN ('yes', 'no', 'abstain')", name="choice"),
        sa.UniqueConstraint("agenda_item_id", "seat_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agenda_item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    seat_id: Mapped[int] = mapped_column(sa.ForeignKey("committee_seat.id"))
    choice: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    entered: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    created_at: Mapped[dt.datetime]


class Resolution(Base):
    """What was decided: one owner, one due date; overdue is derived."""

    __tablename__ = "resolution"
    __table_args__ = (
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name="state"),
        sa.CheckConstraint("(state = 'open') = (closed_on IS NULL)", name="closed"),
        sa.Index("ix_resolution_state_due_on", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"))
    agenda_item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agenda_item.id"))
    text: Mapped[str]
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    due_on: Mapped[dt.date]
    state: Mapped[str] = mapped_column(server_default="open", default="open")
    closed_on: Mapped[dt.date | None]
    note: Mapped[str] = mapped_column(server_default="", default="")
    reminded_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]
