"""Answering over the API: the token is all one needs, and it is good once."""

from __future__ import annotations

from flask_login import current_user

from app.hall.web.guards import limiter, public
from app.identity.door import Actor, roles
from app.voice.pages import sheet_api
from app.voice.responses import service, shapes
from app.voice.surveys.content import question_of
from app.voice.surveys.schemas import AnswersBody, TokenPath

PER_ADDRESS = "120 per minute"  # an office behind one address answers, nobody tries tokens


def who_enters() -> Actor | None:
    """The park's own person at the keyboard, who types from paper or the telephone."""
    if not current_user.is_authenticated:
        return None
    actor: Actor = current_user.actor
    return actor if actor.may(roles.ENTERS_ANSWERS) else None


@sheet_api.get("/<token>")
@public
@limiter.limit(PER_ADDRESS)
def read_sheet(path: TokenPath) -> shapes.Sheet:
    """The questions behind a token, and what was saved before."""
    form = service.find_form(path.token)
    return {
        "survey": form.survey.id,
        "version": form.version.number,
        "title": {"zh": form.version.title_zh, "en": form.version.title_en},
        "anonymous": form.version.anonymous,
        "closes_on": form.version.closes_on.isoformat() if form.version.closes_on else None,
        "questions": [
            {name: value for name, value in question_of(one).items() if name not in ("metric", "dimension")}
            for one in form.survey.questions
        ],
        "saved": dict(form.saved),
    }


@sheet_api.post("/<token>")
@public
@limiter.limit(PER_ADDRESS)
def send_sheet(path: TokenPath, body: AnswersBody) -> tuple[shapes.SheetTaken, int]:
    """Take the sheet, once: 201, then 410; 422 with every reason and nothing is lost."""
    if body.save:
        service.save(path.token, body.answers)
        return {"state": "saved"}, 200
    service.answer(path.token, body.answers, who_enters())
    return {"state": "received"}, 201
