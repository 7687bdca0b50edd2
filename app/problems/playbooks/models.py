"""Playbooks in versions, approved by a second person, and who took them up."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class Playbook(Base):
    """One version of a checklist; in force it is never edited."""

    __tablename__ = "playbook"
    __table_args__ = (
        sa.UniqueConstraint("code", "version"),
        sa.CheckConstraint("state IN ('draft', 'in_force', 'superseded', 'withdrawn')", name="state"),
        sa.CheckConstraint("approved_by_id IS NULL OR approved_by_id <> made_by_id", name="four_eyes"),
        sa.CheckConstraint(
            "state = 'draft' OR approved_by_id IS NOT NULL OR state = 'withdrawn'", name="approved"
        ),
        sa.Index(
            "ix_playbook_in_force",
            "code",
            unique=True,
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    version: Mapped[int]
    title: Mapped[str]
    category: Mapped[str]
    checklist: Mapped[list[str]]
    state: Mapped[str]
    source_problem_id: Mapped[int | None] = (
        mapped_column()
    )  # a problem names its playbook too: a key both ways were a circle
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    made_at: Mapped[dt.datetime]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    approved_at: Mapped[dt.datetime | None]


class Adoption(Base):
    """A firm or a department takes a playbook up; proven by a confirmed problem or the whole checklist."""

    __tablename__ = "adoption"
    __table_args__ = (
        sa.CheckConstraint("state IN ('begun', 'proven', 'given_up')", name="state"),
        sa.CheckConstraint("(organisation_id IS NULL) <> (department_id IS NULL)", name="one_adopter"),
        sa.CheckConstraint("state <> 'proven' OR problem_id IS NOT NULL OR checklist_complete", name="proof"),
        sa.Index(
            "ix_adoption_organisation_id",
            "playbook_id",
            "organisation_id",
            unique=True,
            sqlite_where=sa.text("organisation_id IS NOT NULL"),
            postgresql_where=sa.text("organisation_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_adoption_department_id",
            "playbook_id",
            "department_id",
            unique=True,
            sqlite_where=sa.text("department_id IS NOT NULL"),
            postgresql_where=sa.text("department_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    playbook_id: Mapped[int] = mapped_column(sa.ForeignKey("playbook.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    state: Mapped[str]
    done: Mapped[list[str]]
    checklist_complete: Mapped[bool] = mapped_column(default=False)
    problem_id: Mapped[int | None] = mapped_column(sa.ForeignKey("problem.id"))
    begun_at: Mapped[dt.datetime]
    proven_at: Mapped[dt.datetime | None]
