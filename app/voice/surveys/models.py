"""Tables of questionnaires: a version that was opened is never edited (a trigger sees to it), a question is its content."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.hall.db.base import Base
from app.voice.surveys.states import VERSION


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Survey(Base):
    """A questionnaire by the id of its files."""

    __tablename__ = "survey"
    __table_args__ = (sa.UniqueConstraint("code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    created_at: Mapped[dt.datetime]


class SurveyVersion(Base):
    """One wording of a questionnaire, with who wrote, reviewed, opened and closed it."""

    __tablename__ = "survey_version"
    __table_args__ = (
        sa.UniqueConstraint("survey_id", "number"),
        sa.CheckConstraint(one_of("state", tuple(VERSION)), name="state"),
        sa.CheckConstraint("reviewed_by <> written_by", name="four_eyes"),
        sa.CheckConstraint("(state IN ('draft', 'linted')) = (reviewed_by IS NULL)", name="reviewed"),
        sa.CheckConstraint("(state IN ('open', 'closed')) = (opened_at IS NOT NULL)", name="opened"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        sa.Index(
            "ix_survey_version_open",
            "survey_id",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="draft")
    title_zh: Mapped[str] = mapped_column(default="")
    title_en: Mapped[str] = mapped_column(default="")
    anonymous: Mapped[bool] = mapped_column(default=False)
    content: Mapped[str]
    sha256: Mapped[str]
    questions: Mapped[int]
    written_by: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    written_at: Mapped[dt.datetime]
    reviewed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    reviewed_at: Mapped[dt.datetime | None]
    opened_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    opened_at: Mapped[dt.datetime | None]
    closes_on: Mapped[dt.date | None]
    closed_at: Mapped[dt.datetime | None]
    sealed: Mapped[bool] = mapped_column(default=False)
    results: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))

    survey: Mapped[Survey] = relationship(lazy="joined", innerjoin=True)


class SurveyQuestion(Base):
    """A question of the bank: one wording, named by its hash, whichever versions ask it."""

    __tablename__ = "survey_question"
    __table_args__ = (sa.UniqueConstraint("sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    code: Mapped[str]
    content: Mapped[dict[str, Any]]
    created_at: Mapped[dt.datetime]


class SurveyVersionQuestion(Base):
    """Which question of the bank stands where in a reviewed version."""

    __tablename__ = "survey_version_question"
    __table_args__ = (sa.Index("ix_survey_version_question_question_id", "question_id"),)

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_version.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_question.id"))
