"""Scores of firms out of closed surveys with names, for the room that keeps monthly sums; anonymous ones have no firm."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.voice.responses.models import SurveyResponse
from app.voice.results.rules import dimensions_of
from app.voice.surveys.content import question_digest
from app.voice.surveys.models import SurveyVersion
from app.voice.surveys.questions import Question, Value
from app.voice.surveys.scores import firm_score
from app.voice.surveys.service import survey_of
from app.voice.surveys.states import CLOSED

SURVEY_CLOSED = (
    "voice.survey_closed"  # left in the outbox with the act itself, of a survey with names: {"day"}
)


@dataclass(frozen=True, slots=True)
class SurveyScore:
    """One firm's score of one dimension in one survey; `on` is the day the survey closed.

    `version` is the hash of the questions of that dimension: the same wording asked again goes on with its series.
    """

    on: dt.date
    organisation_id: int
    layer: str
    dimension: str
    score: Fraction
    version: str


def survey_scores(first: dt.date, last: dt.date) -> Iterator[SurveyScore]:
    """Scores of all surveys that closed from `first` to `last`, survey by survey."""
    rows = db.session.scalars(
        sa.select(SurveyVersion)
        .where(
            SurveyVersion.state == CLOSED,
            SurveyVersion.anonymous.is_(False),
            SurveyVersion.closed_at >= clock.start_of_day(first),
            SurveyVersion.closed_at < clock.start_of_day(last + dt.timedelta(days=1)),
        )
        .order_by(SurveyVersion.id)
    ).all()
    for row in rows:
        yield from _scores(row)


def _scores(row: SurveyVersion) -> Iterator[SurveyScore]:
    questions = survey_of(row).questions
    sheets: dict[int, tuple[str, list[dict[str, Value]]]] = {}
    for firm, layer, answers in db.session.execute(
        sa.select(SurveyResponse.organisation_id, SurveyResponse.layer, SurveyResponse.answers)
        .where(SurveyResponse.version_id == row.id)
        .order_by(SurveyResponse.id)
    ):
        sheets.setdefault(firm, (layer, []))[1].append(answers)
    assert row.closed_at is not None
    on = clock.day_of(row.closed_at)
    for dimension in dimensions_of(questions):
        version = _wording(questions, dimension)
        for firm, (layer, answered) in sheets.items():
            score = firm_score(questions, answered, dimension)
            if score is not None:
                yield SurveyScore(on, firm, layer, dimension, score, version)


def _wording(questions: Sequence[Question], dimension: str) -> str:
    """A digest of the questions that score a dimension, whatever else the survey asks."""
    asked = sorted(question_digest(one) for one in questions if one.dimension == dimension and one.metric)
    return hashlib.sha256("".join(asked).encode()).hexdigest()
