"""Tables of policies and their versions; a version in force is never edited (a trigger sees to it)."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.hall.db.base import Base
from app.policy.states import VERSION


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Policy(Base):
    """A policy by the id of its rule files."""

    __tablename__ = "policy"
    __table_args__ = (sa.UniqueConstraint("code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    created_at: Mapped[dt.datetime]


class PolicyVersion(Base):
    """One rule file of a policy, named by the day from which it counts."""

    __tablename__ = "policy_version"
    __table_args__ = (
        sa.UniqueConstraint("policy_id", "valid_from"),
        sa.CheckConstraint(one_of("state", tuple(VERSION)), name="state"),
        sa.CheckConstraint("approved_by <> imported_by", name="four_eyes"),
        sa.CheckConstraint("(state IN ('draft', 'tested')) = (approved_by IS NULL)", name="approved"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
        sa.Index("ix_policy_version_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(sa.ForeignKey("policy.id"))
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
    state: Mapped[str] = mapped_column(default="draft")
    text: Mapped[str]
    sha256: Mapped[str]
    title_zh: Mapped[str] = mapped_column(default="")
    title_en: Mapped[str] = mapped_column(default="")
    authority: Mapped[str] = mapped_column(default="")
    reference: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="")
    claim: Mapped[str] = mapped_column(default="apply")
    imported_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    imported_at: Mapped[dt.datetime]
    tests_passed: Mapped[int] = mapped_column(default=0)
    tests_all: Mapped[int] = mapped_column(default=0)
    approved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    approved_at: Mapped[dt.datetime | None]
    in_force_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]

    policy: Mapped[Policy] = relationship(lazy="raise")
