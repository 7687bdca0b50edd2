"""Who was heard when, who goes where, and what was promised there."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.voice.visits.states import CHANNELS, METHODS, STATES


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class PlanStep(Base):
    """One line of the contact plan of a layer: a method every so many days, or once on a day after registration."""

    __tablename__ = "contact_plan"
    __table_args__ = (
        sa.UniqueConstraint("layer", "method"),
        sa.CheckConstraint(one_of("method", METHODS), name="method"),
        sa.CheckConstraint("(every_days > 0) <> (once_on_day > 0)", name="when"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    layer: Mapped[str]
    method: Mapped[str]
    every_days: Mapped[int] = mapped_column(default=0)
    once_on_day: Mapped[int] = mapped_column(default=0)


class Contact(Base):
    """One conversation with one firm; what was said stands elsewhere, and so does who said it in confidence."""

    __tablename__ = "contact"
    __table_args__ = (
        sa.UniqueConstraint("source"),
        sa.CheckConstraint(one_of("channel", METHODS), name="channel"),
        sa.Index("ix_contact_organisation_id_held_on", "organisation_id", "held_on"),
        sa.Index("ix_contact_held_on", "held_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    channel: Mapped[str]
    held_on: Mapped[dt.date]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    # A small firm asked online that did not answer: asked, not heard.
    accepted: Mapped[bool] = mapped_column(default=True)
    score: Mapped[int | None]
    why_other: Mapped[str] = mapped_column(default="")
    source: Mapped[str]
    created_at: Mapped[dt.datetime]


class Visit(Base):
    """A visit of a specialist to a firm."""

    __tablename__ = "visit"
    __table_args__ = (
        sa.UniqueConstraint("source"),
        sa.CheckConstraint(one_of("state", STATES), name="state"),
        sa.CheckConstraint(one_of("method", CHANNELS), name="method"),
        sa.CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),
        sa.Index("ix_visit_member_id_planned_on", "member_id", "planned_on"),
        sa.Index("ix_visit_organisation_id", "organisation_id"),
        sa.Index("ix_visit_planned_on", "planned_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    method: Mapped[str] = mapped_column(default="visit")
    state: Mapped[str]
    planned_on: Mapped[dt.date]
    starts: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")
    priority: Mapped[int] = mapped_column(default=2)
    note: Mapped[str] = mapped_column(default="")
    # A re-visit after a problem of a named firm; of a hidden author only its keeper knows.
    problem_id: Mapped[int | None] = mapped_column(sa.ForeignKey("problem.id"))
    moved_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visit.id"))
    because: Mapped[str] = mapped_column(default="")
    score_before: Mapped[int | None]
    score: Mapped[int | None]
    source: Mapped[str | None]
    created_at: Mapped[dt.datetime]
    recorded_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]


class Promise(Base):
    """What was promised; the visit may be closed when it became a problem or a need.

    It hangs on the remark it was made for, or on the visit alone: never on both, because a remark may hide its author.
    """

    __tablename__ = "promise"
    __table_args__ = (
        sa.CheckConstraint("(visit_id IS NULL) <> (feedback_id IS NULL)", name="one_home"),
        sa.CheckConstraint("became IN ('', 'problem', 'need')", name="became"),
        sa.CheckConstraint("(became = '') = (became_id IS NULL)", name="became_id"),
        sa.Index("ix_promise_visit_id", "visit_id"),
        sa.Index("ix_promise_feedback_id", "feedback_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visit.id"))
    feedback_id: Mapped[int | None] = mapped_column(sa.ForeignKey("feedback.id"))
    text: Mapped[str]
    made_on: Mapped[dt.date]
    became: Mapped[str] = mapped_column(default="")
    became_id: Mapped[int | None]
    became_number: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime]
