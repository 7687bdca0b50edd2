"""A problem as the park keeps it: where, what, who may be told, and how far it came."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.problems.clocks.rules import CLASSES
from app.problems.work.states import STATES

VISIBILITIES = ("named", "park_only")


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Place(Base):
    """A building, room or spot with a label; its code opens the form without signing in and is kept as a hash."""

    __tablename__ = "place"
    __table_args__ = (sa.UniqueConstraint("token_hash"), sa.Index("ix_place_path", "path"))

    id: Mapped[int] = mapped_column(primary_key=True)
    building_id: Mapped[int | None] = mapped_column(sa.ForeignKey("building.id"))
    room_id: Mapped[int | None] = mapped_column(sa.ForeignKey("building_room.id"))
    path: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    token_hash: Mapped[str]
    label_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime]
    retired_at: Mapped[dt.datetime | None]


class Problem(Base):
    """One thing that somebody said is wrong; `text` is what may be shown, never an original kept elsewhere."""

    __tablename__ = "problem"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("source"),
        sa.UniqueConstraint("client_id"),
        sa.CheckConstraint(one_of("class", CLASSES), name="class"),
        sa.CheckConstraint(one_of("state", STATES), name="state"),
        sa.CheckConstraint(one_of("visibility", VISIBILITIES), name="visibility"),
        sa.CheckConstraint("visibility = 'named' OR firms = 0", name="park_only"),
        sa.CheckConstraint("confirmed_by IN ('', 'firm', 'silence')", name="confirmed_by"),
        sa.CheckConstraint(
            "state <> 'closed' OR (text <> '' AND delivered_at IS NOT NULL AND confirmed_by <> ''"
            " AND review_id IS NOT NULL)",
            name="five_haves",
        ),
        sa.Index("ix_problem_watch_at", "watch_at"),
        sa.Index("ix_problem_state_due_at", "state", "due_at"),
        sa.Index("ix_problem_category_place_path", "category", "place_path"),
        sa.Index("ix_problem_registered_at", "registered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    source: Mapped[str | None]
    client_id: Mapped[str | None]
    client_hash: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    problem_class: Mapped[str] = mapped_column("class")
    category: Mapped[str]
    theme: Mapped[str | None]
    text: Mapped[str]
    place_id: Mapped[int | None] = mapped_column(sa.ForeignKey("place.id"))
    place_path: Mapped[str] = mapped_column(default="")
    visibility: Mapped[str]
    firms: Mapped[int] = mapped_column(default=0)
    hidden_authors: Mapped[int] = mapped_column(default=0)
    shown_layer: Mapped[str] = mapped_column(default="")
    shown_building: Mapped[str] = mapped_column(default="")
    channel: Mapped[str]
    segment: Mapped[str | None]
    resource_id: Mapped[int | None]
    registered_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime]
    acknowledged_at: Mapped[dt.datetime | None]
    assigned_at: Mapped[dt.datetime | None]
    responded_at: Mapped[dt.datetime | None]
    planned_at: Mapped[dt.datetime | None]
    resolved_at: Mapped[dt.datetime | None]
    delivered_at: Mapped[dt.datetime | None]
    confirmed_at: Mapped[dt.datetime | None]
    confirmed_by: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[dt.datetime | None]
    score: Mapped[int | None]
    came_after_minutes: Mapped[int | None]
    reopened: Mapped[int] = mapped_column(default=0)
    appealed_at: Mapped[dt.datetime | None]
    handler_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    review_id: Mapped[int | None] = mapped_column(sa.ForeignKey("problem_review.id"))
    playbook_id: Mapped[int | None] = mapped_column(sa.ForeignKey("playbook.id"))
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("problem.id"), index=True)
    predecessor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("problem.id"))
    repeat_number: Mapped[int] = mapped_column(default=1)
    initiative_id: Mapped[int | None] = mapped_column(sa.ForeignKey("initiative.id"), index=True)
    work_order_id: Mapped[int | None] = mapped_column(index=True)
    post_id: Mapped[int | None] = mapped_column(index=True)
    due_at: Mapped[dt.datetime | None]
    watch_at: Mapped[dt.datetime | None]
    looked_at: Mapped[dt.datetime | None]


class ProblemReporter(Base):
    """Who may be told by name, and who holds a secret link; a `park_only` author is never here."""

    __tablename__ = "problem_reporter"
    __table_args__ = (
        sa.UniqueConstraint("token_hash"),
        sa.Index("ix_problem_reporter_organisation_id", "organisation_id", "problem_id"),
        sa.CheckConstraint("organisation_id IS NOT NULL OR token_hash IS NOT NULL", name="somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(sa.ForeignKey("problem.id"), index=True)
    reported_as_id: Mapped[int] = mapped_column(sa.ForeignKey("problem.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    token_hash: Mapped[str | None]
    by_staff: Mapped[bool] = mapped_column(default=False)


class ProblemPhoto(Base):
    """A photograph: raw until it is written anew without place and camera; of a guest shown after a look."""

    __tablename__ = "problem_photo"
    __table_args__ = (
        sa.CheckConstraint("state IN ('raw', 'ready', 'refused')", name="state"),
        sa.Index("ix_problem_photo_problem_id", "problem_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    problem_id: Mapped[int | None] = mapped_column(sa.ForeignKey("problem.id"))
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    state: Mapped[str]
    held_back: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]
