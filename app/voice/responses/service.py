"""The form behind a token: opened, saved, sent once. What is kept of an anonymous sheet says neither who nor when."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db, is_sqlite
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Gone, Invalid, NotFound
from app.identity.door import Actor
from app.voice.invitations.service import token_hash
from app.voice.responses.models import AnonymousResponse, SurveyDraft, SurveyInvitation, SurveyResponse
from app.voice.responses.rules import sheet
from app.voice.surveys.models import SurveyVersion
from app.voice.surveys.questions import Survey, Value
from app.voice.surveys.service import get_version, survey_of
from app.voice.surveys.states import OPEN, SENT, USED

LONGEST_TOKEN = 64


@dataclass(frozen=True, slots=True)
class Form:
    """What stands behind a token: the version, its questions, what was saved before."""

    version: SurveyVersion
    survey: Survey
    invitation_id: int
    saved: Mapping[str, Value]


def find_form(token: str) -> Form:
    """The form of a token; 404 for one that never was, 410 for one that was used or whose survey is closed."""
    row, version = _behind(token)
    saved: Mapping[str, Value] = {}
    if not version.anonymous:
        draft = db.session.get(SurveyDraft, row.id)
        saved = draft.answers if draft else {}
    return Form(version, survey_of(version), row.id, saved)


def _behind(token: str) -> tuple[SurveyInvitation, SurveyVersion]:
    token = token.strip().upper()
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise NotFound("voice_token_unknown")
    row = db.session.scalar(
        sa.select(SurveyInvitation)
        .where(SurveyInvitation.token_hash == token_hash(token))
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("voice_token_unknown")
    version = get_version(row.version_id)
    if row.state == USED:
        raise Gone("voice_token_used")
    if row.state != SENT or version.state != OPEN:
        raise Gone("voice_survey_closed")
    return row, version


def save(token: str, answers: Mapping[str, Value]) -> None:
    """Keep what is there so far, to go on later on any device; an anonymous sheet is never kept on the server."""
    form = find_form(token)
    if form.version.anonymous:
        raise Conflict("voice_no_draft")
    kept, _reasons = sheet(form.survey.questions, answers, whole=False)
    with transaction() as session:
        row, _version = _behind(token)
        session.merge(SurveyDraft(invitation_id=row.id, answers=dict(kept), saved_at=clock.now()))


def answer(token: str, answers: Mapping[str, Value], entered_by: Actor | None = None) -> SurveyVersion:
    """Take a sheet, once: the invitation is marked *used* and the sheet is written, in one transaction.

    Nothing else is written with it: no moment, no audit event, no message that would say which sheet is whose.
    """
    form = find_form(token)
    kept, reasons = sheet(form.survey.questions, answers)
    if reasons:
        raise Invalid("voice_answers_refused", reasons)
    with transaction() as session:
        if is_sqlite():  # what is moved inside a page leaves no copy behind
            session.connection().exec_driver_sql("PRAGMA secure_delete=ON")
        version = _still_open(form.version.id)
        taken = session.execute(
            sa.update(SurveyInvitation)
            .where(SurveyInvitation.id == form.invitation_id, SurveyInvitation.state == SENT)
            .values(state=USED)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount != 1:
            raise Gone("voice_token_used")
        if version.anonymous:
            session.execute(sa.insert(AnonymousResponse).values(**_nameless(version.id, kept)))
        else:
            session.execute(sa.delete(SurveyDraft).where(SurveyDraft.invitation_id == form.invitation_id))
            session.execute(sa.insert(SurveyResponse).values(**_named(form, kept, entered_by)))
        return version


def _still_open(version_id: int) -> SurveyVersion:
    """The version, kept from being closed until the sheet is written; other sheets may be written meanwhile."""
    query = sa.select(SurveyVersion).where(SurveyVersion.id == version_id)
    row = db.session.scalars(query if is_sqlite() else query.with_for_update(read=True)).one()
    if row.state != OPEN:
        raise Gone("voice_survey_closed")
    return row


def _nameless(version_id: int, kept: Mapping[str, Value]) -> dict[str, object]:
    year, week, _day = clock.today().isocalendar()
    return {
        "key": secrets.token_hex(16),
        "version_id": version_id,
        "week": f"{year}-W{week:02d}",
        "answers": dict(kept),
    }


def _named(form: Form, kept: Mapping[str, Value], entered_by: Actor | None) -> dict[str, object]:
    row = db.session.get_one(SurveyInvitation, form.invitation_id)
    return {
        "version_id": row.version_id,
        "invitation_id": row.id,
        "organisation_id": row.organisation_id,
        "layer": row.layer,
        "answers": dict(kept),
        "answered_at": clock.now(),
        "entered_by": entered_by.member_id if entered_by else None,
    }
