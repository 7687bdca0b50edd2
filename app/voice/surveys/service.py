"""A questionnaire from its first draft to the day it is frozen: written, linted, reviewed by a second person."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.hall.files.jsonfile import read_json_text
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.voice.surveys.content import asked, digest, file_of, question_digest, written
from app.voice.surveys.lint import ERROR, Finding, has_error, lint, unanswerable
from app.voice.surveys.models import Survey as SurveyRow
from app.voice.surveys.models import SurveyQuestion, SurveyVersion, SurveyVersionQuestion
from app.voice.surveys.questions import Survey
from app.voice.surveys.reading import read_survey
from app.voice.surveys.states import DRAFT, FROZEN, LINTED, REVIEWED, against, step

LARGEST_FILE = 512 * 1024
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to ask: the file, what the form is called, and whether it is anonymous."""

    survey: Survey
    title_zh: str = ""
    title_en: str = ""
    anonymous: bool = False


def read_file(text: str) -> Survey:
    """A survey file as somebody sent it; every fault at once, nothing half read."""
    if len(text.encode()) > LARGEST_FILE:
        raise Invalid("voice_survey_too_large", kilobytes=LARGEST_FILE // 1024)
    node, source = read_json_text(text)
    survey = read_survey(node) if node is not None else None
    if source.problems or survey is None:
        reasons = [Reason(one.code, one.params) for one in source.problems]
        raise Invalid("voice_survey_file_refused", reasons)
    if not survey.id.strip():
        raise Invalid("voice_survey_file_refused", [Reason("voice_survey_no_id")])
    return survey


def write(actor: Actor, wish: Wish) -> SurveyVersion:
    """Keep a wording as a draft. The same again answers the same version; before it opens another replaces it."""
    if not actor.may(roles.WRITES_SURVEYS):
        raise NotAllowed("voice_analysts_only")
    content = file_of(wish.survey) | {"reviewed_by": ""}
    sha256 = digest(content | {"anonymous": wish.anonymous, "title": [wish.title_zh, wish.title_en]})
    text = written(content)
    with transaction() as session:
        survey = _survey(wish.survey.id.strip())
        row = session.scalar(
            locked(
                sa.select(SurveyVersion).where(
                    SurveyVersion.survey_id == survey.id, SurveyVersion.number == wish.survey.version
                )
            )
        )
        if row is not None and row.sha256 == sha256:
            return row
        _refuse_frozen(survey, row, wish.survey.version)
        if row is None:
            row = SurveyVersion(survey_id=survey.id, number=wish.survey.version, state=DRAFT)
            session.add(row)
        elif row.state != DRAFT:
            row.state, row.reviewed_by, row.reviewed_at = step(row.state, DRAFT), None, None
        row.content, row.sha256, row.anonymous = text, sha256, wish.anonymous
        row.title_zh, row.title_en = wish.title_zh[:LONGEST_TITLE], wish.title_en[:LONGEST_TITLE]
        row.questions = len(wish.survey.questions)
        row.written_by, row.written_at = actor.member_id, clock.now()
        session.flush()
        identity.audit(actor, "survey.written", "survey_version", row.id, version=row.number, sha256=sha256)
        return row


def _survey(code: str) -> SurveyRow:
    row = db.session.scalar(locked(sa.select(SurveyRow).where(SurveyRow.code == code)))
    if row is None:
        row = SurveyRow(code=code, created_at=clock.now())
        db.session.add(row)
        db.session.flush()
    return row


def _refuse_frozen(survey: SurveyRow, row: SurveyVersion | None, number: int) -> None:
    if row is not None and row.state in FROZEN:
        raise Conflict("voice_survey_frozen", version=number)
    latest = db.session.scalar(
        sa.select(sa.func.max(SurveyVersion.number)).where(
            SurveyVersion.survey_id == survey.id, SurveyVersion.state.in_(FROZEN)
        )
    )
    if latest is not None and number <= latest:
        raise Conflict("voice_survey_not_later", version=number, latest=latest)


def get_version(version_id: int, lock: bool = False) -> SurveyVersion:
    query = (
        sa.select(SurveyVersion)
        .where(SurveyVersion.id == version_id)
        .execution_options(populate_existing=True)
    )
    row = db.session.scalar(locked(query) if lock else query)
    if row is None:
        raise NotFound("voice_survey_not_found")
    return row


@lru_cache(maxsize=64)
def _read(_sha256: str, content: str) -> Survey:
    node, source = read_json_text(content)
    assert node is not None and not source.problems, "what was kept was read before"
    return read_survey(node)


def survey_of(row: SurveyVersion) -> Survey:
    """The questions of a version; read once per wording."""
    return _read(row.sha256, row.content)


def look_over(actor: Actor, version_id: int) -> tuple[SurveyVersion, tuple[Finding, ...]]:
    """Everything wrong with the questions; a draft without an error is `linted` from now on."""
    row = get_version(version_id)
    found = lint(survey_of(row))
    if row.state == DRAFT and actor.may(roles.WRITES_SURVEYS) and not has_error(found):
        with transaction():
            row = get_version(version_id, lock=True)
            found = lint(survey_of(row))
            if row.state == DRAFT and not has_error(found):
                row.state = step(DRAFT, LINTED)
    return row, found


def review_reasons(actor: Actor, row: SurveyVersion) -> list[Reason]:
    """Everything that keeps this person from vouching for this wording."""
    survey = survey_of(row)
    reasons = [
        Reason(f"lint_{one.code}", {"question": one.question or ""})
        for one in lint(survey)
        if one.level == ERROR
    ]
    if not survey.questions:
        reasons.append(Reason("voice_survey_empty"))
    reasons += [Reason("voice_survey_no_options", {"question": one}) for one in unanswerable(survey)]
    if row.state != DRAFT:
        reasons += against(row.state, REVIEWED)
    if row.written_by == actor.member_id:
        reasons.append(Reason("voice_survey_own"))
    elif not identity.stand_apart(actor.member_id, row.written_by):
        reasons.append(Reason("second_person_too_close", {"days": 7}))
    return reasons


def review(actor: Actor, version_id: int) -> SurveyVersion:
    """A second person vouches for the wording; its questions stand in the bank from now on."""
    if not actor.may(roles.REVIEWS_SURVEYS):
        raise NotAllowed("voice_reviewers_only")
    get_version(version_id)
    with transaction() as session:
        row = get_version(version_id, lock=True)
        reasons = review_reasons(actor, row)
        if [one.code for one in reasons] == ["voice_survey_own"]:
            raise NotAllowed("voice_survey_own")
        if reasons:
            raise Conflict("voice_survey_not_reviewed", reasons)
        if row.state == DRAFT:
            row.state = step(DRAFT, LINTED)
        row.state = step(row.state, REVIEWED)
        row.reviewed_by, row.reviewed_at = actor.member_id, clock.now()
        session.flush()
        _keep_questions(row)
        identity.audit(actor, "survey.reviewed", "survey_version", row.id, sha256=row.sha256)
        return row


def _keep_questions(row: SurveyVersion) -> None:
    """The bank has every reviewed question once, by its content."""
    questions = survey_of(row).questions
    hashes = [question_digest(one) for one in questions]
    known = {
        one.sha256: one.id
        for one in db.session.scalars(sa.select(SurveyQuestion).where(SurveyQuestion.sha256.in_(hashes)))
    }
    for sha256, question in zip(hashes, questions, strict=True):
        if sha256 not in known:
            new = SurveyQuestion(
                sha256=sha256, code=question.id, content=asked(question), created_at=clock.now()
            )
            db.session.add(new)
            db.session.flush()
            known[sha256] = new.id
    stands = SurveyVersionQuestion
    db.session.execute(sa.delete(stands).where(stands.version_id == row.id))
    if hashes:
        db.session.execute(
            sa.insert(stands),
            [
                {"version_id": row.id, "position": at, "question_id": known[sha256]}
                for at, sha256 in enumerate(hashes, 1)
            ],
        )


def file_content(row: SurveyVersion) -> dict[str, Any]:
    """The version as a file, with who reviewed it."""
    names = identity.member_names([row.reviewed_by]) if row.reviewed_by else {}
    return file_of(survey_of(row)) | {"reviewed_by": names.get(row.reviewed_by or 0, "")}
