"""The form behind a token, on whatever phone opens it: no account, no script needed, nothing lost when something is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.hall.errors import Gone, Invalid, NotFound, Refusal
from app.hall.text import language
from app.hall.web.answers import sentences
from app.hall.web.guards import csrf, current_actor, limiter, only, public
from app.hall.web.kept_form import reasons_by_field
from app.hall.web.offline.service import Entry, on_entry
from app.identity.door import roles
from app.voice.invitations.service import code_for, token_of
from app.voice.pages import bp, sheet_bp
from app.voice.responses import service
from app.voice.responses.api import PER_ADDRESS, who_enters
from app.voice.responses.rules import SCALE, typed
from app.voice.surveys import queries, words
from app.voice.surveys.questions import Question, Value, asked_values

OFFLINE = "voice.sheet"


def name_of(number: int) -> str:
    """The name of a question's field: ids may hold anything, places do not."""
    return f"q{number}"


def _typed(questions: Sequence[Question]) -> dict[str, Value]:
    return {
        one.id: typed(one, request.form.getlist(name_of(number))) for number, one in enumerate(questions, 1)
    }


def conditions(questions: Sequence[Question]) -> list[str]:
    """When each question is shown, as the page's script reads it: [[field, [values]], …]; empty for always."""
    numbers = {one.id: number for number, one in reversed(list(enumerate(questions, 1)))}
    found = []
    for one in questions:
        rules = [
            [name_of(numbers[earlier]), [str(value) for value in asked_values(wanted)]]
            for earlier, wanted in one.show_if.items()
            if earlier in numbers
        ]
        found.append(json.dumps(rules, ensure_ascii=False) if rules else "")
    return found


def hints(questions: Sequence[Question]) -> list[str]:
    """The same for people: which answer a question belongs to."""
    numbers = {one.id: number for number, one in reversed(list(enumerate(questions, 1)))}
    found = []
    for one in questions:
        parts = [
            language.message(
                "voice_only_if",
                {
                    "number": numbers.get(earlier, 0),
                    "answer": " / ".join(
                        str(words.YES_NO_NAMES.get(str(value), value)) for value in asked_values(wanted)
                    ),
                },
            )
            for earlier, wanted in one.show_if.items()
        ]
        found.append(" ".join(parts))
    return found


def _page(
    token: str, form: service.Form, values: Mapping[str, Value], refusal: Refusal | None = None
) -> ResponseReturnValue:
    questions = form.survey.questions
    said = reasons_by_field(refusal) if refusal is not None else {}
    named = {one.id for one in questions}
    page = render_template(
        "voice/sheets/form.html",
        token=token,
        form=form,
        title=title_of(form),
        values=values,
        conditions=conditions(questions),
        hints=hints(questions),
        errors=said,
        reasons=[text for name, texts in said.items() if name not in named for text in texts],
        count=len([name for name in said if name in named]),
        scale=SCALE,
        offline=OFFLINE if current_user.is_authenticated and not form.version.anonymous else "",
        entering=who_enters() is not None,
        yes_no_names=words.YES_NO_NAMES,
    )
    return page, refusal.status if refusal is not None else 200


def title_of(form: service.Form) -> str:
    row = form.version
    return (row.title_en if language.lang() == "en" else "") or row.title_zh or form.survey.id


def _over(refusal: Refusal) -> ResponseReturnValue:
    return render_template("voice/sheets/over.html", reasons=sentences(refusal)), refusal.status


@sheet_bp.get("/<token>")
@public
@limiter.limit(PER_ADDRESS)
def sheet(token: str) -> ResponseReturnValue:
    """The questions, with what was saved before."""
    try:
        form = service.find_form(token)
    except (Gone, NotFound) as refusal:
        return _over(refusal)
    return _page(token, form, form.saved)


@csrf.exempt  # the token in the address is the secret; who has it needs no session
@sheet_bp.post("/<token>")
@public
@limiter.limit(PER_ADDRESS)
def send(token: str) -> ResponseReturnValue:
    """Take the sheet, once; or keep it for later."""
    try:
        form = service.find_form(token)
        values = _typed(form.survey.questions)
        if request.form.get("act") == "save":
            service.save(token, values)
            return redirect(url_for("voice_s.sheet", token=token, saved=1), 303)
        service.answer(token, values, who_enters())
    except (Gone, NotFound) as refusal:
        return _over(refusal)
    except Invalid as refusal:
        return _page(token, form, values, refusal)
    thanks = render_template(
        "voice/sheets/thanks.html", title=title_of(form), form=form, entering=who_enters() is not None
    )
    return thanks, 201


@on_entry(OFFLINE)
def take_offline(entry: Entry) -> Mapping[str, object]:
    """A sheet that was filled in without a network; never an anonymous one, because a receipt has a name and a moment."""
    token = entry.text("token")
    form = service.find_form(token)
    if form.version.anonymous:
        raise Invalid("voice_no_draft")
    values = {
        one.id: typed(one, entry.texts(name_of(number)))
        for number, one in enumerate(form.survey.questions, 1)
    }
    may = entry.actor.may(roles.ENTERS_ANSWERS)
    service.answer(token, values, entry.actor if may else None)
    return {"next": "/voice/surveys/mine" if not may else f"/voice/surveys/{form.version.id}/invitations"}


@bp.get("/surveys/answer/<int:invitation_id>")
@only(roles.ANSWERS_SURVEYS | roles.ENTERS_ANSWERS)
def answer(invitation_id: int) -> ResponseReturnValue:
    """From a message or a list to the form; the token stands in no message."""
    return redirect(url_for("voice_s.sheet", token=token_of(current_actor(), invitation_id)), 303)


@bp.get("/surveys/mine")
@only(roles.ANSWERS_SURVEYS)
def my_surveys() -> ResponseReturnValue:
    """Sheets that one's firm may still fill in."""
    rows = [
        (code_for(invitation.salt), version, code)
        for invitation, version, code in queries.waiting_for_firm(current_actor().organisation_id)
    ]
    return render_template("voice/sheets/mine.html", rows=rows)
