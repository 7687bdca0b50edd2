"""What is read of questionnaires for pages and calls: versions, invitations, the bank, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall.db.base import db
from app.identity.door import Actor, roles
from app.voice.responses.models import SurveyInvitation
from app.voice.surveys.models import Survey, SurveyQuestion, SurveyVersion, SurveyVersionQuestion
from app.voice.surveys.states import CLOSED, LINTED, OPEN, SENT, USED


def versions(state: str = "", q: str = "") -> sa.Select[SurveyVersion, str]:
    """Versions with the code of their survey."""
    query = sa.select(SurveyVersion, Survey.code).join(Survey, Survey.id == SurveyVersion.survey_id)
    if state:
        query = query.where(SurveyVersion.state == state)
    if q:
        columns = (SurveyVersion.title_zh, SurveyVersion.title_en, Survey.code)
        query = query.where(sa.or_(*(column.icontains(q, autoescape=True) for column in columns)))
    return query


def siblings(row: SurveyVersion) -> list[SurveyVersion]:
    """All versions of the same survey, the newest first."""
    query = sa.select(SurveyVersion).where(SurveyVersion.survey_id == row.survey_id)
    return list(db.session.scalars(query.order_by(SurveyVersion.number.desc())))


def closed_of(survey_id: int) -> list[SurveyVersion]:
    """The closed versions with figures, the oldest first: the points of a line."""
    query = sa.select(SurveyVersion).where(
        SurveyVersion.survey_id == survey_id,
        SurveyVersion.state == CLOSED,
        SurveyVersion.results.is_not(None),
    )
    return list(db.session.scalars(query.order_by(SurveyVersion.number)))


def invitations(version_id: int, state: str = "", channel: str = "") -> sa.Select[SurveyInvitation]:
    query = sa.select(SurveyInvitation).where(SurveyInvitation.version_id == version_id)
    if state:
        query = query.where(SurveyInvitation.state == state)
    return query.where(SurveyInvitation.channel == channel) if channel else query


@dataclass(frozen=True)
class Progress:
    """How many sheets were handed out, and how many came back."""

    invited: int
    used: int


def progress(version_ids: Iterable[int]) -> dict[int, Progress]:
    """Sheets out and back by version."""
    used = sa.func.sum(sa.case((SurveyInvitation.state == USED, 1), else_=0))
    rows = db.session.execute(
        sa.select(SurveyInvitation.version_id, sa.func.count(), used)
        .where(SurveyInvitation.version_id.in_(sorted(set(version_ids))))
        .group_by(SurveyInvitation.version_id)
    )
    return {version: Progress(int(invited), int(back or 0)) for version, invited, back in rows}


def waiting_for_firm(organisation_id: int) -> list[tuple[SurveyInvitation, SurveyVersion, str]]:
    """Sheets that this firm may still fill in."""
    rows = db.session.execute(
        sa.select(SurveyInvitation, SurveyVersion, Survey.code)
        .join(SurveyVersion, SurveyVersion.id == SurveyInvitation.version_id)
        .join(Survey, Survey.id == SurveyVersion.survey_id)
        .where(
            SurveyInvitation.organisation_id == organisation_id,
            SurveyInvitation.state == SENT,
            SurveyVersion.state == OPEN,
        )
        .order_by(SurveyVersion.closes_on, SurveyInvitation.id)
    )
    return [(invitation, version, code) for invitation, version, code in rows]


def count_for_firm(organisation_id: int) -> int:
    query = (
        sa.select(sa.func.count())
        .select_from(SurveyInvitation)
        .join(SurveyVersion, SurveyVersion.id == SurveyInvitation.version_id)
        .where(
            SurveyInvitation.organisation_id == organisation_id,
            SurveyInvitation.state == SENT,
            SurveyVersion.state == OPEN,
        )
    )
    return int(db.session.scalar(query) or 0)


def count_to_review(actor: Actor) -> int:
    """Linted versions of others that this person may review."""
    if not actor.may(roles.REVIEWS_SURVEYS):
        return 0
    query = sa.select(sa.func.count()).where(
        SurveyVersion.state == LINTED, SurveyVersion.written_by != actor.member_id
    )
    return int(db.session.scalar(query) or 0)


def bank(q: str = "", kind: str = "") -> sa.Select[SurveyQuestion, int]:
    """Questions of the bank, each with how many versions ask it."""
    asked = (
        sa.select(sa.func.count())
        .where(SurveyVersionQuestion.question_id == SurveyQuestion.id)
        .correlate(SurveyQuestion)
        .scalar_subquery()
    )
    query = sa.select(SurveyQuestion, asked)
    text, of_kind = SurveyQuestion.content["text"].as_string(), SurveyQuestion.content["kind"].as_string()
    if q:
        query = query.where(
            sa.or_(text.icontains(q, autoescape=True), SurveyQuestion.code.icontains(q, autoescape=True))
        )
    return query.where(of_kind == kind) if kind else query


def get_questions(ids: Iterable[int]) -> list[SurveyQuestion]:
    """These questions of the bank."""
    query = sa.select(SurveyQuestion).where(SurveyQuestion.id.in_(sorted(set(ids))))
    return list(db.session.scalars(query.order_by(SurveyQuestion.id)))
