"""The monthly round table, its resolutions, and the university projects it brings about."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Committee(Base):
    """The 生态协同委员会."""

    __tablename__ = "committee"
    __table_args__ = (sa.CheckConstraint("quorum_percent BETWEEN 1 AND 99", name="quorum"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    founded_on: Mapped[dt.date]
    quorum_percent: Mapped[int] = mapped_column(server_default="50", default=50)


class CommitteeSeat(Base):
    """One voice at the table; it stands for a kind of member."""

    __tablename__ = "committee_seat"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('enterprise', 'university', 'institute', 'association', 'bank', 'park')", name="kind"
        ),
        sa.Index(
            "uq_committee_seat_open", "committee_id", "organisation_id", unique=True,
            sqlite_where=sa.text("until_on IS NULL"), postgresql_where=sa.text("until_on IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    kind: Mapped[str]
    person: Mapped[str] = mapped_column(server_default="", default="")
    since_on: Mapped[dt.date]
    until_on: Mapped[dt.date | None]


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
    created_at: Mapped[dt.datetime]


class AgendaItem(Base):
    """One subject of a meeting; computed ones keep the rows they were computed from."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('overdue', 'concern', 'weak_link', 'refused_demand', 'own')", name="kind"
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


class Vote(Base):
    """What one seat said to one subject."""

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


class JointBase(Base):
    """A place firms and a university run together."""

    __tablename__ = "joint_base"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    field: Mapped[str] = mapped_column(server_default="", default="")
    university_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    resolution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("resolution.id"))
    founded_on: Mapped[dt.date]


class JointBaseFirm(Base):
    """A firm that belongs to a joint base."""

    __tablename__ = "joint_base_firm"

    base_id: Mapped[int] = mapped_column(sa.ForeignKey("joint_base.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)


class TransferProject(Base):
    """University work on its way to production: need, match, research, pilot, production."""

    __tablename__ = "transfer_project"
    __table_args__ = (
        sa.CheckConstraint(
            "stage IN ('need', 'match', 'research', 'pilot', 'production', 'dropped')", name="stage"
        ),
        sa.CheckConstraint("(stage = 'production') = (production_on IS NOT NULL)", name="production"),
        sa.CheckConstraint("production_on IS NULL OR production_on >= started_on", name="order"),
        sa.Index("ix_transfer_project_enterprise_id", "enterprise_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    university_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    base_id: Mapped[int | None] = mapped_column(sa.ForeignKey("joint_base.id"))
    need_id: Mapped[int | None] = mapped_column(sa.ForeignKey("post.id"))
    segment: Mapped[str | None]
    stage: Mapped[str] = mapped_column(server_default="need", default="need")
    started_on: Mapped[dt.date]
    match_on: Mapped[dt.date | None]
    research_on: Mapped[dt.date | None]
    pilot_on: Mapped[dt.date | None]
    production_on: Mapped[dt.date | None]
    note: Mapped[str] = mapped_column(server_default="", default="")
    created_at: Mapped[dt.datetime]
