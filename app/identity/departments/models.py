"""Departments, who works in them, duties with their dates, and the park's own calendar rows."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.identity.departments.rules import KINDS


class Department(Base):
    """A department of the park's own staff."""

    __tablename__ = "department"
    __table_args__ = (sa.UniqueConstraint("code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime]


class DepartmentMember(Base):
    """Somebody works in a department."""

    __tablename__ = "department_member"

    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), primary_key=True)


class Duty(Base):
    """Somebody leads a department, or acts for who does, from one day to another."""

    __tablename__ = "duty"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('" + "', '".join(KINDS) + "')", name="kind"),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="days"),
        sa.Index("ix_duty_department_id", "department_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    instead_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    from_on: Mapped[dt.date]
    until_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]


class WorkDay(Base):
    """A day off or a make-up working day that the park wrote down; it counts before the shipped rows."""

    __tablename__ = "work_day"
    __table_args__ = (sa.CheckConstraint("kind IN ('holiday', 'workday')", name="kind"),)

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
