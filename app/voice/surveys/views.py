"""Questionnaires on pages: the list, the editor with its lint beside it, one version, the bank."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.hall import clock
from app.hall.errors import Invalid, Refusal
from app.hall.text import language
from app.hall.text.numbers import whole
from app.hall.web.answers import download, flash_ok, sentences
from app.hall.web.guards import current_actor, only
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles
from app.voice import words as room_words
from app.voice.invitations.rules import OPEN_DAYS
from app.voice.invitations.service import Opening, open_survey
from app.voice.pages import bp
from app.voice.responses.closing_service import close
from app.voice.surveys import queries, service, words
from app.voice.surveys.content import Written, question_of, written
from app.voice.surveys.editor_forms import Block, block_from, blocks_of, check_written, file_from, moved
from app.voice.surveys.lint import Finding, has_error, lint, seconds
from app.voice.surveys.models import Survey as SurveyRow
from app.voice.surveys.models import SurveyQuestion, SurveyVersion
from app.voice.surveys.questions import KINDS, Survey
from app.voice.surveys.states import CLOSED, LINTED, OPEN, REVIEWED, VERSION


@dataclass(frozen=True)
class Looked:
    """What the lint says beside the text, or why the text is no questionnaire yet."""

    survey: Survey | None
    findings: Sequence[Finding] = ()
    faults: Sequence[str] = ()

    @property
    def seconds(self) -> float:
        return seconds(self.survey) if self.survey else 0.0

    @property
    def sound(self) -> bool:
        return self.survey is not None and not has_error(tuple(self.findings))

    def says(self, found: Finding) -> str:
        limit = f"{self.survey.limit_seconds:g}" if self.survey else ""
        params = {"seconds": self.seconds, "limit": limit} if found.question is None else {}
        return language.message(f"lint_{found.code}", params)


def look(content: Written) -> Looked:
    """Read and lint what is being written; nothing is stored."""
    try:
        check_written(content)
        survey = service.read_file(written(content))
    except Refusal as refusal:
        return Looked(None, faults=sentences(refusal))
    return Looked(survey, lint(survey))


@bp.get("/surveys/")
@only(roles.SEES_SURVEYS)
def survey_list() -> ResponseReturnValue:
    """All versions, the newest first."""
    sorts = {"written": SurveyVersion.written_at, "survey": SurveyRow.code, "closes": SurveyVersion.closes_on}
    listing = Listing.from_request(sorts, "written", ("state",), desc=True)
    state = listing.filters["state"] if listing.filters["state"] in VERSION else ""
    page = listing.page(queries.versions(state, listing.q), SurveyVersion.id.desc(), scalars=False)
    return render_template(
        "voice/surveys/list.html",
        listing=listing,
        page=page,
        progress=queries.progress(row.id for row, _code in page.items),
        may_write=current_actor().may(roles.WRITES_SURVEYS),
        **words.NAMES,
    )


@bp.get("/surveys/new")
@only(roles.WRITES_SURVEYS)
def new_survey() -> ResponseReturnValue:
    """The editor: empty, going on from a version, or with questions of the bank."""
    form = MultiDict({"version": "1", "count": "0"})
    blocks: list[Block] = []
    number = request.args.get("from", type=int)
    if number:
        row = service.get_version(number)
        later = row.number + 1 if row.state in (OPEN, CLOSED) else row.number
        survey = service.survey_of(row)
        form = MultiDict(
            {
                "id": row.survey.code,
                "version": str(later),
                "title": row.title_zh,
                "title_en": row.title_en,
                "anonymous": "1" if row.anonymous else "",
                "limit_seconds": f"{survey.limit_seconds:g}",
            }
        )
        blocks = [block_from(question_of(one)) for one in survey.questions]
    wanted = [found for one in request.args.getlist("question")[:100] if (found := whole(one)) is not None]
    blocks += [block_from(one.content, one.code) for one in queries.get_questions(wanted)]
    return _editor(form, blocks or moved([], "add"))


def _editor(
    form: MultiDict[str, str], blocks: list[Block], refusal: Refusal | None = None
) -> ResponseReturnValue:
    page = render_template(
        "voice/surveys/editor.html",
        form=form,
        blocks=blocks,
        looked=look(file_from(form, blocks)),
        reasons=sentences(refusal) if refusal else [],
        kinds=KINDS,
        dimensions=words.DIMENSIONS,
        **words.NAMES,
    )
    return page, refusal.status if refusal else 200


@bp.post("/surveys/new")
@only(roles.WRITES_SURVEYS)
def write_survey() -> ResponseReturnValue:
    """Keep it as a draft, or show the editor again after one of its buttons."""
    blocks, act = blocks_of(request.form), request.form.get("act", "save")
    if act != "save":
        return _editor(request.form, moved(blocks, act))
    try:
        text = _uploaded() or written(check_written(file_from(request.form, blocks)))
        title = request.form.get("title", "").strip()
        if not title:
            raise Invalid("voice_survey_no_title")
        wish = service.Wish(
            service.read_file(text),
            title,
            request.form.get("title_en", "").strip(),
            request.form.get("anonymous") == "1",
        )
        row = service.write(current_actor(), wish)
    except Refusal as refusal:
        return _editor(request.form, blocks, refusal)
    _row, found = service.look_over(current_actor(), row.id)
    flash_ok(_("已保存，检查未通过。") if has_error(found) else _("已保存并通过检查，等待另一人复核。"))
    return redirect(url_for("voice.survey", survey_id=row.id), 303)


def _uploaded() -> str:
    file = request.files.get("file")
    if file is None or not file.filename:
        return ""
    data = file.read(service.LARGEST_FILE + 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("voice_survey_not_utf8") from None


@bp.post("/surveys/check")
@only(roles.WRITES_SURVEYS)
def check_survey() -> ResponseReturnValue:
    """The lint beside the text, while it is typed; nothing is stored."""
    looked = look(file_from(request.form, blocks_of(request.form)))
    return render_template("voice/surveys/_lint.html", looked=looked, **words.NAMES)


@bp.get("/surveys/<int:survey_id>")
@only(roles.SEES_SURVEYS)
def survey(survey_id: int) -> ResponseReturnValue:
    return _page(survey_id)


def _page(survey_id: int, refusal: Refusal | None = None) -> ResponseReturnValue:
    actor, row = current_actor(), service.get_version(survey_id)
    found = service.survey_of(row)
    people = [one for one in (row.written_by, row.reviewed_by, row.opened_by) if one]
    may_review = actor.may(roles.REVIEWS_SURVEYS) and row.state == LINTED
    page = render_template(
        "voice/surveys/version.html",
        row=row,
        survey=found,
        looked=Looked(found, lint(found)),
        siblings=queries.siblings(row),
        names=identity.member_names(people),
        progress=queries.progress([row.id]).get(row.id),
        reasons=sentences(refusal) if refusal else [],
        may_write=actor.may(roles.WRITES_SURVEYS),
        may_review=may_review,
        against=[language.message(one.code, one.params) for one in service.review_reasons(actor, row)]
        if may_review
        else [],
        may_open=actor.may(roles.OPENS_SURVEYS) and row.state == REVIEWED,
        may_close=actor.may(roles.OPENS_SURVEYS) and row.state == OPEN,
        may_enter=actor.may(roles.ENTERS_ANSWERS) and row.opened_at is not None,
        closes_on=clock.today() + dt.timedelta(days=OPEN_DAYS),
        layers={name: label for name, label in room_words.LAYERS.items() if name},
        dimensions=words.DIMENSIONS,
        typed=request.form,
        **words.NAMES,
    )
    return page, refusal.status if refusal else 200


@bp.post("/surveys/<int:survey_id>/review")
@only(roles.REVIEWS_SURVEYS)
def review_survey(survey_id: int) -> ResponseReturnValue:
    """A second person's yes."""
    try:
        service.review(current_actor(), survey_id)
    except Refusal as refusal:
        return _page(survey_id, refusal)
    flash_ok(_("已复核，可以开放。"))
    return redirect(url_for("voice.survey", survey_id=survey_id), 303)


@bp.post("/surveys/<int:survey_id>/open")
@only(roles.OPENS_SURVEYS)
def open_one(survey_id: int) -> ResponseReturnValue:
    """Freeze and invite."""
    form = request.form
    try:
        wish = Opening(
            enterprises=form.get("enterprises", "").replace("，", " ").replace(",", " ").split(),
            layers=[one for one in form.getlist("layers") if one and one in room_words.LAYERS],
            channel=form.get("channel", "online"),
            closes_on=clock.read_day(form.get("closes_on")),
            due_only=form.get("due_only") == "1",
            seats=whole(form.get("seats"), 5) or 1,
        )
        open_survey(current_actor(), survey_id, wish)
    except Refusal as refusal:
        return _page(survey_id, refusal)
    flash_ok(_("已开放，邀请在工作时间送达。"))
    return redirect(url_for("voice.survey", survey_id=survey_id), 303)


@bp.post("/surveys/<int:survey_id>/close")
@only(roles.OPENS_SURVEYS)
def close_one(survey_id: int) -> ResponseReturnValue:
    """No sheet from now on."""
    try:
        close(current_actor(), survey_id)
    except Refusal as refusal:
        return _page(survey_id, refusal)
    flash_ok(_("已结束，结果已统计。"))
    return redirect(url_for("voice.survey_results", survey_id=survey_id), 303)


@bp.get("/surveys/<int:survey_id>/export.json")
@only(roles.SEES_SURVEYS)
def export_survey(survey_id: int) -> ResponseReturnValue:
    """The version as a file that `flask voice lint` and the editor read again."""
    row = service.get_version(survey_id)
    text = written(service.file_content(row))
    return download(text.encode(), f"{row.survey.code}-{row.number}.json", "application/json")


@bp.get("/surveys/bank")
@only(roles.SEES_SURVEYS)
def question_bank() -> ResponseReturnValue:
    """Every reviewed question once, by its content."""
    listing = Listing.from_request({"code": SurveyQuestion.code}, "code", ("kind",), per_page=50)
    kind = listing.filters["kind"] if listing.filters["kind"] in KINDS else ""
    page = listing.page(queries.bank(listing.q, kind), SurveyQuestion.id, scalars=False)
    return render_template(
        "voice/surveys/bank.html",
        listing=listing,
        page=page,
        may_write=current_actor().may(roles.WRITES_SURVEYS),
        dimensions=words.DIMENSIONS,
        **words.NAMES,
    )
