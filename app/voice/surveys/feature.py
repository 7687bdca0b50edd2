"""What questionnaires bring to the room."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.hall.db.base import db
from app.hall.rooms import Hit, Line, NavItem, Section, Todo
from app.hall.text import language
from app.identity.door import Actor, roles
from app.voice.feature import Feature
from app.voice.invitations import views as invitation_pages
from app.voice.responses import api as sheet_calls
from app.voice.responses import views as sheet_pages
from app.voice.results import views as result_pages
from app.voice.surveys import api as calls
from app.voice.surveys import demo, queries
from app.voice.surveys import views as pages
from app.voice.surveys.models import SurveyVersion
from app.voice.surveys.words import MESSAGES, STATES

# The pages and the calls are there with the feature.
PARTS = (calls, sheet_calls, pages, invitation_pages, sheet_pages, result_pages)


def todos(actor: Actor) -> Iterator[Todo]:
    if actor.may(roles.ANSWERS_SURVEYS):
        waiting = queries.count_for_firm(actor.organisation_id)
        if waiting:
            yield Todo(_("问卷等您填写"), url_for("voice.my_surveys"), waiting, "clipboard-list")
    elif waiting := queries.count_to_review(actor):
        url = url_for("voice.survey_list", state="linted")
        yield Todo(_("问卷等您复核"), url, waiting, "clipboard-check")


def sections(actor: Actor) -> Iterator[Section]:
    """Questionnaires that wait for the firm: what is judged here comes back as a score with its n."""
    if not actor.may(roles.ANSWERS_SURVEYS):
        return
    lines = [
        Line(
            (version.title_en if language.lang() == "en" else "") or version.title_zh or code,
            _("共 %(count)s 题", count=version.questions),
            url_for("voice.answer", invitation_id=invitation.id),
            _("匿名") if version.anonymous else _("实名"),
            "ok" if version.anonymous else "",
        )
        for invitation, version, code in queries.waiting_for_firm(actor.organisation_id)[:3]
    ]
    yield Section(
        _("等我评价"), url_for("voice.my_surveys"), "clipboard-list", lines, _("现在没有要填的问卷。"), 4
    )


def search(actor: Actor, q: str) -> Iterator[Hit]:
    if actor.may(roles.SEES_SURVEYS):
        rows = db.session.execute(queries.versions(q=q).order_by(SurveyVersion.id.desc()).limit(8))
        for row, code in rows:
            title = (row.title_en if language.lang() == "en" else "") or row.title_zh or code
            url = url_for("voice.survey", survey_id=row.id)
            yield Hit(_("问卷"), title, str(STATES[row.state]), url)


FEATURE = Feature(
    nav=[
        NavItem(
            "voice.survey_list",
            "clipboard-list",
            _l("问卷"),
            "insight",
            roles.SEES_SURVEYS,
            subject=_l("问卷"),
        )
    ],
    todos=todos,
    sections=sections,
    search=search,
    messages=MESSAGES,
    demo=demo.load,
)
