"""Policies for me: what fits, why, from which source, and the one fact that is missing."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.errors import Invalid
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only
from app.identity.door import OrganisationInfo, roles
from app.policy import words
from app.policy.cases.service import cases_of
from app.policy.facts import service as facts
from app.policy.facts.forms import fact_form
from app.policy.facts.models import NO_PERIOD
from app.policy.facts.service import Entry
from app.policy.fits.questions import Question
from app.policy.fits.schemas import asked_kinds, cards_of, question_of
from app.policy.fits.service import look_at
from app.policy.pages import bp
from app.policy.pushes.service import pushes_of
from app.policy.rules.months import month_name, read_month, reported_month


@bp.get("/")
@only(roles.OPENS_POLICIES)
def mine() -> ResponseReturnValue:
    """A firm sees its policies; the park's people their desk."""
    actor = current_actor()
    if not actor.may(roles.SEES_MONTHLY_FACTS_OF_OWN_FIRM):
        return redirect(url_for("policy.desk"))
    return _page(facts.readable_firm(actor))


@bp.get("/firms/<code>")
@only(roles.SEES_MONTHLY_FACTS_OF_ALL_FIRMS)
def firm(code: str) -> ResponseReturnValue:
    """The same page as the firm sees it, for the officer and the auditor."""
    return _page(facts.readable_firm(current_actor(), code))


def _page(firm: OrganisationInfo, form: Any = None) -> Any:
    actor = current_actor()
    kinds = {kind.code: kind for kind in facts.list_kinds()}
    cards = cards_of(look_at(firm), kinds)
    own = firm.id == actor.organisation_id
    question = question_of(cards, kinds) if own else None
    if question is not None and form is None:
        form = fact_form(asked_kinds(question, kinds), required=True)(formdata=None)
    titles = {card.version.code: card.version.title for card in cards}
    page = render_template(
        "policy/mine.html",
        firm=firm,
        own=own,
        cards=cards,
        question=question,
        question_text=_question(question, kinds) if question else "",
        waiting=[titles[code] for code in question.policies] if question else [],
        form=form,
        month=month_name(reported_month(clock.today())),
        pushes={push.policy_version_id: push for push in pushes_of(firm.id) if push.state != "due"},
        cases={case.policy_version_id: case for case in cases_of(firm.id)},
        unit_name=words.unit_name,
        kinds=kinds,
        **words.NAMES,
    )
    return page, form_status(form) if form is not None else 200


def _question(question: Question, kinds: Any) -> str:
    names = _("和").join(words.kind_name(kind, kind.code) for kind in asked_kinds(question, kinds))
    if question.period:
        return _("%(month)s 的%(name)s是多少？", month=question.period, name=names)
    kind = kinds[question.fact]
    if kind.value_kind == "day":
        return _("%(name)s是哪一天？", name=names)
    return (
        _("%(name)s是多少？", name=names)
        if kind.value_kind == "number"
        else _("%(name)s是哪一种？", name=names)
    )


@bp.post("/answer")
@only(roles.SEES_MONTHLY_FACTS_OF_OWN_FIRM)
def answer() -> ResponseReturnValue:
    """One missing fact; what it decides is decided at once."""
    actor = current_actor()
    firm = facts.readable_firm(actor)
    kinds = {kind.code: kind for kind in facts.list_kinds()}
    code, month = request.form.get("fact", ""), request.form.get("period", "")
    kind = kinds.get(code)
    if kind is None or kind.source:
        raise Invalid("policy_fact_unknown", name=code[:64])
    question = Question(code, month or None, ())
    form = fact_form(asked_kinds(question, kinds), required=True)()
    if form.validate():
        source = "monthly_report" if kind.by_month else "self_declared"
        period = read_month(month) if month else NO_PERIOD
        entries = [
            Entry(firm.id, name, period or NO_PERIOD, value, source) for name, value in form.values().items()
        ]
        with refusals_to(form):
            facts.record(actor, entries)
            flash_ok(_("已记录，结果已更新。"))
            return redirect(url_for("policy.mine"), 303)
    return _page(firm, form)
