"""Remarks without their authors; the authors stand in a table that one module reads (`authors.py`)."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.voice.visits.models import one_of
from app.voice.visits.states import CHANNELS

STATES = ("heard", "acknowledged", "linked", "no_action", "answered")
KINDS = ("problem", "need", "signal", "correction", "praise", "register")
VISIBILITIES = ("named", "park_only", "anonymous")


class Feedback(Base):
    """One remark: the words as typed, the words that may be shown, and how far it came."""

    __tablename__ = "feedback"
    __table_args__ = (
        sa.UniqueConstraint("client_key"),
        sa.CheckConstraint(one_of("state", STATES), name="state"),
        sa.CheckConstraint(one_of("visibility", VISIBILITIES), name="visibility"),
        sa.CheckConstraint(one_of("channel", CHANNELS), name="channel"),
        sa.CheckConstraint(
            "visibility = 'named' OR (organisation_id IS NULL AND member_id IS NULL AND heard_by_id IS NULL"
            " AND visit_id IS NULL AND gathering_id IS NULL AND problem_id IS NULL)",
            name="hidden",
        ),
        sa.CheckConstraint("state <> 'no_action' OR no_action_because <> ''", name="reason"),
        sa.Index("ix_feedback_state", "state", "acknowledge_until"),
        sa.Index("ix_feedback_heard_on", "heard_on"),
        sa.Index("ix_feedback_visit_id", "visit_id"),
        sa.Index("ix_feedback_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_key: Mapped[str]
    client_hash: Mapped[str]
    channel: Mapped[str]
    visibility: Mapped[str]
    heard_on: Mapped[dt.date]
    # The server's own moment decides; the phone's stands beside it. Nobody's moment of a hidden remark.
    received_at: Mapped[dt.datetime]
    phone_at: Mapped[dt.datetime | None]
    late: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str]
    shown_text: Mapped[str]
    shown_layer: Mapped[str] = mapped_column(default="")
    shown_building: Mapped[str] = mapped_column(default="")
    hesitation: Mapped[bool] = mapped_column(default=False)
    probe: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    acknowledge_until: Mapped[dt.datetime]
    acknowledged_at: Mapped[dt.datetime | None]
    reminded_at: Mapped[dt.datetime | None]
    acknowledgement: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[dt.datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    no_action_because: Mapped[str] = mapped_column(default="")
    problem_id: Mapped[int | None] = mapped_column(sa.ForeignKey("problem.id"))
    # Who said it, of named remarks only; of others `author` knows or nobody does.
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    heard_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visit.id"))
    gathering_id: Mapped[int | None] = mapped_column(sa.ForeignKey("gathering.id"))


class FeedbackLink(Base):
    """What became of a remark; one of a kind."""

    __tablename__ = "feedback_link"
    __table_args__ = (
        sa.UniqueConstraint("feedback_id", "kind"),
        sa.CheckConstraint(one_of("kind", KINDS), name="kind"),
        sa.Index("ix_feedback_link_target", "kind", "target_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(sa.ForeignKey("feedback.id"))
    kind: Mapped[str]
    target_id: Mapped[int | None]
    number: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    segment: Mapped[str] = mapped_column(default="")
    resource_id: Mapped[int | None] = mapped_column(sa.ForeignKey("resource.id"))
    done_at: Mapped[dt.datetime | None]
    linked_on: Mapped[dt.date]


class FeedbackPhoto(Base):
    """A photograph: somebody's until a remark takes it up, from then on nobody's; awaited until it is ready."""

    __tablename__ = "feedback_photo"
    __table_args__ = (
        sa.UniqueConstraint("key"),
        sa.CheckConstraint("feedback_id IS NULL OR member_id IS NULL", name="nobody"),
        sa.Index("ix_feedback_photo_feedback_id", "feedback_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    feedback_id: Mapped[int | None] = mapped_column(sa.ForeignKey("feedback.id"))
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    ready: Mapped[bool]
    taken_on: Mapped[dt.date]


class Author(Base):
    """Who said a `park_only` remark or reported a `park_only` problem. Read by `authors.py` and by nothing else."""

    __tablename__ = "author"
    __table_args__ = (
        sa.UniqueConstraint("feedback_id"),
        sa.CheckConstraint("(feedback_id IS NULL) <> (problem_id IS NULL)", name="of_what"),
        sa.Index("ix_author_problem_id", "problem_id"),
        sa.Index("ix_author_organisation_id", "organisation_id"),
        sa.Index("ix_author_visit_id", "visit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int | None] = mapped_column(sa.ForeignKey("feedback.id"))
    problem_id: Mapped[int | None] = mapped_column(sa.ForeignKey("problem.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    heard_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visit.id"))
    gathering_id: Mapped[int | None] = mapped_column(sa.ForeignKey("gathering.id"))
    revisit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visit.id"))


class AuthorLook(Base):
    """Somebody looked up who said it, and why; the firm reads the list, the audit trail only that it happened."""

    __tablename__ = "author_look"
    __table_args__ = (sa.Index("ix_author_look_organisation_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(sa.ForeignKey("feedback.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    reason: Mapped[str]
    looked_at: Mapped[dt.datetime]
