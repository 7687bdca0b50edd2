"""Who works on a problem and what they do: departments, responsibility, steps, thread, plan, meetings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class DispatchRuleRow(Base):
    """Problems of a category at a place go to a department between these hours; a rule is ended, never edited."""

    __tablename__ = "dispatch_rule"
    __table_args__ = (
        sa.CheckConstraint(
            "from_hour >= 0 AND from_hour <= 23 AND to_hour >= 1 AND to_hour <= 24", name="hours"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str]
    place: Mapped[str] = mapped_column(default="*")
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    from_hour: Mapped[int] = mapped_column(default=0)
    to_hour: Mapped[int] = mapped_column(default=24)
    ended_at: Mapped[dt.datetime | None]


class ProblemDepartment(Base):
    """A department concerned; while nobody has taken the problem, the ones that are asked, in their order."""

    __tablename__ = "problem_department"
    __table_args__ = (sa.Index("ix_problem_department_department_id", "department_id", "problem_id"),)

    problem_id: Mapped[int] = mapped_column(sa.ForeignKey("problem.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"), primary_key=True)
    turn: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[dt.datetime | None]
    concerned: Mapped[bool] = mapped_column(default=False)


class Responsibility(Base):
    """Who is first responsible, from when until when, and why it may be that person; one at a time."""

    __tablename__ = "responsibility"
    __table_args__ = (
        sa.CheckConstraint("assigned_by_id IS NULL OR assigned_by_id <> member_id", name="not_oneself"),
        sa.Index(
            "ix_responsibility_open",
            "problem_id",
            unique=True,
            sqlite_where=sa.text("until_at IS NULL"),
            postgresql_where=sa.text("until_at IS NULL"),
        ),
        sa.Index("ix_responsibility_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(sa.ForeignKey("problem.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    assigned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    why: Mapped[str]
    from_at: Mapped[dt.datetime]
    until_at: Mapped[dt.datetime | None]


class ProblemStep(Base):
    """What was done, in order; added only. A firm's own step names nobody."""

    __tablename__ = "problem_step"
    __table_args__ = (sa.Index("ix_problem_step_problem_id", "problem_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(sa.ForeignKey("problem.id"))
    at: Mapped[dt.datetime]
    act: Mapped[str]
    side: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    note: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]]


class ProblemMessage(Base):
    """The thread with the firm: answers, questions and their replies; a question pauses a day clock."""

    __tablename__ = "problem_message"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('answer', 'question', 'progress', 'reply')", name="kind"),
        sa.CheckConstraint("replied_at IS NULL OR replied_at >= at", name="order"),
        sa.Index("ix_problem_message_problem_id", "problem_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(sa.ForeignKey("problem.id"))
    kind: Mapped[str]
    text: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    at: Mapped[dt.datetime]
    replied_at: Mapped[dt.datetime | None]


class ProblemPlan(Base):
    """What, who, until when; it counts from the moment the first responsible approves it."""

    __tablename__ = "problem_plan"
    __table_args__ = (sa.Index("ix_problem_plan_problem_id", "problem_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(sa.ForeignKey("problem.id"))
    what: Mapped[str]
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    until_on: Mapped[dt.date]
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    made_at: Mapped[dt.datetime]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    approved_at: Mapped[dt.datetime | None]


class Milestone(Base):
    """One stage of the roadmap of a long-term problem."""

    __tablename__ = "milestone"
    __table_args__ = (sa.Index("ix_milestone_problem_id", "problem_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(sa.ForeignKey("problem.id"))
    what: Mapped[str]
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    due_on: Mapped[dt.date]
    done_at: Mapped[dt.datetime | None]


class Deliverable(Base):
    """What was promised and delivered, in its unit; what is waived says why, and the firm reads it."""

    __tablename__ = "deliverable"
    __table_args__ = (
        sa.CheckConstraint("quantity > 0 AND delivered >= 0", name="quantity"),
        sa.Index("ix_deliverable_problem_id", "problem_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(sa.ForeignKey("problem.id"))
    what: Mapped[str]
    quantity: Mapped[int]
    unit: Mapped[str]
    promised_on: Mapped[dt.date]
    delivered: Mapped[int] = mapped_column(default=0)
    delivered_on: Mapped[dt.date | None]
    waived_because: Mapped[str] = mapped_column(default="")


class TaskForceMember(Base):
    """Somebody in the task force of a long-term problem."""

    __tablename__ = "task_force_member"

    problem_id: Mapped[int] = mapped_column(sa.ForeignKey("problem.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), primary_key=True)


class Coordination(Base):
    """A meeting of the departments concerned: called, then held with minutes or cancelled with a reason."""

    __tablename__ = "coordination"
    __table_args__ = (
        sa.CheckConstraint("state IN ('called', 'held', 'cancelled')", name="state"),
        sa.CheckConstraint("state <> 'held' OR (held_on IS NOT NULL AND minutes <> '')", name="held"),
        sa.Index("ix_coordination_problem_id", "problem_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(sa.ForeignKey("problem.id"))
    state: Mapped[str]
    called_for: Mapped[dt.date]
    held_on: Mapped[dt.date | None]
    minutes: Mapped[str] = mapped_column(default="")
    because: Mapped[str] = mapped_column(default="")
    called_by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    called_at: Mapped[dt.datetime]


class NextStep(Base):
    """What a meeting agreed on, with owner and day."""

    __tablename__ = "coordination_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    coordination_id: Mapped[int] = mapped_column(sa.ForeignKey("coordination.id"), index=True)
    what: Mapped[str]
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    due_on: Mapped[dt.date]


class AnswerTemplate(Base):
    """A sentence a department often answers with; its people put their own words to it."""

    __tablename__ = "answer_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"), index=True)
    category: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    retired_at: Mapped[dt.datetime | None]
