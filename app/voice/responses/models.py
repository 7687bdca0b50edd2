"""Tables of who was asked and what was answered; an anonymous answer knows neither who, nor when, nor after whom."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base
from app.voice.surveys.models import one_of
from app.voice.surveys.states import CHANNELS, SENT, SILENT, USED


class SurveyInvitation(Base):
    """One sheet one firm may fill in. The token stands nowhere: it is made again from the park's key and the salt."""

    __tablename__ = "survey_invitation"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "organisation_id", "seat"),
        sa.UniqueConstraint("token_hash"),
        sa.CheckConstraint(one_of("state", (SENT, USED, SILENT)), name="state"),
        sa.CheckConstraint(one_of("channel", CHANNELS), name="channel"),
        sa.CheckConstraint("reminders BETWEEN 0 AND 2", name="reminders"),
        sa.Index("ix_survey_invitation_organisation_id", "organisation_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_version.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    seat: Mapped[int] = mapped_column(default=1)
    layer: Mapped[str]
    channel: Mapped[str]
    salt: Mapped[str]
    token_hash: Mapped[str]
    state: Mapped[str] = mapped_column(default=SENT)
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_on: Mapped[dt.date | None]


class SurveyDraft(Base):
    """What somebody saved to go on later; never of an anonymous survey."""

    __tablename__ = "survey_draft"

    invitation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("survey_invitation.id"), primary_key=True, autoincrement=False
    )
    answers: Mapped[dict[str, Any]]
    saved_at: Mapped[dt.datetime]


class SurveyResponse(Base):
    """A sheet with the name of its firm on it."""

    __tablename__ = "survey_response"
    __table_args__ = (
        sa.UniqueConstraint("invitation_id"),
        sa.Index("ix_survey_response_version_id", "version_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_version.id"))
    invitation_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_invitation.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    layer: Mapped[str]
    answers: Mapped[dict[str, Any]]
    answered_at: Mapped[dt.datetime]
    entered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))


class AnonymousResponse(Base):
    """A sheet without a name: a random key, the week, the answers; no number, no moment, no way back."""

    __tablename__ = "anonymous_response"
    __table_args__ = (
        sa.Index("ix_anonymous_response_version_id", "version_id"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_version.id"))
    week: Mapped[str]
    answers: Mapped[dict[str, Any]]
