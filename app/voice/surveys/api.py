"""Questionnaires over the API: written, linted, reviewed, opened, closed, and what they say."""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa

from app.hall.api.blueprint import listed, part_of
from app.hall.api.fields import PageQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.base import db
from app.hall.db.paging import part
from app.hall.errors import Conflict
from app.hall.text import language
from app.hall.web.guards import current_actor, only
from app.identity import door as identity
from app.identity.door import roles
from app.voice.invitations.service import Opening, code_for, open_survey
from app.voice.pages import api
from app.voice.responses.closing_service import close
from app.voice.responses.models import SurveyInvitation
from app.voice.results.rows import Results
from app.voice.surveys import queries, service, shapes
from app.voice.surveys.content import written
from app.voice.surveys.lint import Finding, seconds
from app.voice.surveys.models import SurveyVersion
from app.voice.surveys.schemas import InvitationQuery, OpenBody, SurveyBody, SurveyPath, SurveyQuery
from app.voice.surveys.states import CLOSED

Shown = dict[str, object]


def shown(row: SurveyVersion, code: str) -> shapes.Survey:
    """A version as lists and answers show it."""
    return {
        "id": row.id,
        "survey": code,
        "version": row.number,
        "state": row.state,
        "title": {"zh": row.title_zh, "en": row.title_en},
        "anonymous": row.anonymous,
        "questions": row.questions,
        "sha256": row.sha256,
        "closes_on": row.closes_on.isoformat() if row.closes_on else None,
        "written_at": row.written_at.isoformat(),
        "reviewed_at": row.reviewed_at.isoformat() if row.reviewed_at else None,
        "opened_at": row.opened_at.isoformat() if row.opened_at else None,
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
    }


def finding(found: Finding, row: SurveyVersion) -> shapes.SurveyFinding:
    """What is wrong with a question, as `flask voice lint` says it."""
    survey = service.survey_of(row)
    params = (
        {"seconds": seconds(survey), "limit": f"{survey.limit_seconds:g}"} if found.question is None else {}
    )
    return {
        "question": found.question,
        "code": found.code,
        "level": found.level,
        "message": language.message(f"lint_{found.code}", params),
    }


@api.get("/surveys")
@only(roles.SEES_SURVEYS)
def list_surveys(query: SurveyQuery) -> Listed[shapes.Survey]:
    """Versions of questionnaires, the newest first."""
    statement = queries.versions(query.state).order_by(SurveyVersion.id.desc())
    total = (
        db.session.scalar(sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())) or 0
    )
    rows = db.session.execute(statement.limit(query.limit).offset(query.offset))
    return listed([shown(row, code) for row, code in rows], total)


@api.post("/surveys")
@only(roles.WRITES_SURVEYS)
@idempotent
def write_survey(body: SurveyBody) -> tuple[shapes.Survey, int]:
    """Keep a file of `parklink-survey/1` as a draft: 422 with every fault, 409 for a version that was opened.

    The same version again replaces the wording and takes the review back; the same wording changes nothing.
    """
    content = body.model_dump(exclude={"title", "title_en", "anonymous"}, exclude_none=True)
    survey = service.read_file(written(content))
    row = service.write(current_actor(), service.Wish(survey, body.title, body.title_en, body.anonymous))
    return shown(row, survey.id), 201


@api.get("/surveys/mine")
@only(roles.ANSWERS_SURVEYS)
def my_surveys(query: PageQuery) -> Listed[shapes.OwnSurvey]:
    """Sheets that one's firm may still fill in, each with its token."""
    rows = queries.waiting_for_firm(current_actor().organisation_id)
    items: list[shapes.OwnSurvey] = [
        {
            "id": invitation.id,
            "survey": code,
            "version": version.number,
            "title": {"zh": version.title_zh, "en": version.title_en},
            "anonymous": version.anonymous,
            "closes_on": version.closes_on.isoformat() if version.closes_on else None,
            "token": code_for(invitation.salt),
            "url": f"/s/{code_for(invitation.salt)}",
        }
        for invitation, version, code in rows
    ]
    return listed(part_of(items, query), len(items))


@api.get("/surveys/<int:survey_id>")
@only(roles.SEES_SURVEYS)
def one_survey(path: SurveyPath) -> shapes.WholeSurvey:
    """A version with its questions and how many sheets came back."""
    row = service.get_version(path.survey_id)
    node = service.survey_of(row)
    back = queries.progress([row.id]).get(row.id)
    return {
        **shown(row, row.survey.code),
        "file": service.file_content(row),
        "seconds": seconds(node),
        "invited": back.invited if back else 0,
        "answered": back.used if back else 0,
    }


@api.post("/surveys/<int:survey_id>/lint")
@only(roles.SEES_SURVEYS)
@idempotent
def lint_survey(path: SurveyPath) -> shapes.SurveyLinted:
    """Everything wrong with the questions (contract 3.4); a draft without an error becomes `linted`."""
    row, found = service.look_over(current_actor(), path.survey_id)
    return {
        "id": row.id,
        "state": row.state,
        "problems": [finding(one, row) for one in found],
        "seconds": seconds(service.survey_of(row)),
    }


@api.post("/surveys/<int:survey_id>/review")
@only(roles.REVIEWS_SURVEYS)
@idempotent
def review_survey(path: SurveyPath) -> shapes.Survey:
    """A second person vouches for the wording; 409 with all reasons, 403 for one's own."""
    row = service.review(current_actor(), path.survey_id)
    return shown(row, row.survey.code)


@api.post("/surveys/<int:survey_id>/open")
@only(roles.OPENS_SURVEYS)
@idempotent
def open_one(path: SurveyPath, body: OpenBody) -> shapes.SurveyOpened:
    """Freeze the wording and invite; 409 with all reasons. Who is asked is listed by `/invitations`."""
    wish = Opening(body.enterprises, body.layers, body.channel, body.closes_on, body.due_only, body.seats)
    row = open_survey(current_actor(), path.survey_id, wish)
    return {**shown(row, row.survey.code), "invited": queries.progress([row.id])[row.id].invited}


@api.post("/surveys/<int:survey_id>/close")
@only(roles.OPENS_SURVEYS)
@idempotent
def close_one(path: SurveyPath) -> shapes.Survey:
    """No sheet from now on; an anonymous survey is rewritten in random order before anything is shown."""
    row = close(current_actor(), path.survey_id)
    return shown(row, row.survey.code)


@api.get("/surveys/<int:survey_id>/invitations")
@only(roles.ENTERS_ANSWERS)
def list_invitations(path: SurveyPath, query: InvitationQuery) -> Listed[shapes.SurveyInvitation]:
    """Who was asked; with the token where it is the park's people who fill in from paper or on the telephone."""
    row = service.get_version(path.survey_id)
    statement = queries.invitations(row.id, query.state, query.channel).order_by(SurveyInvitation.id)
    rows, total = part(statement, query.limit, query.offset)
    firms = identity.organisations_by_id({one.organisation_id for one in rows})
    items: list[shapes.SurveyInvitation] = [
        {
            "id": one.id,
            "enterprise": firms[one.organisation_id].code,
            "layer": one.layer,
            "channel": one.channel,
            "state": one.state,
            "reminders": one.reminders,
            "token": code_for(one.salt) if one.channel != "online" and one.state == "sent" else None,
        }
        for one in rows
    ]
    return listed(items, total)


@api.get("/surveys/<int:survey_id>/results")
@only(roles.SEES_SURVEYS)
def survey_results(path: SurveyPath) -> shapes.SurveyResults:
    """The figures of a closed survey, each with its n; 409 before it is closed."""
    row = service.get_version(path.survey_id)
    if row.state != CLOSED or row.results is None:
        raise Conflict("voice_survey_results_later")
    results = cast("Results", row.results)
    return {"survey": row.survey.code, "version": row.number, "anonymous": row.anonymous, **results}
