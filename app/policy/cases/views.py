"""Cases on pages: begun with a yes, dated step by step, on paper and in the calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from app.hall import clock
from app.hall.web.answers import download, flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles
from app.policy import words
from app.policy.cases import service as cases
from app.policy.cases.deadlines_files import deadlines
from app.policy.cases.models import PolicyCase
from app.policy.cases.paper import draw
from app.policy.facts import service as facts
from app.policy.fits.schemas import lines_of
from app.policy.fits.store import versions_by_id
from app.policy.pages import bp
from app.policy.states import BY_FIRM, CASE, RUNNING


class StepForm(FlaskForm):
    on_day = DateField(_l("日期"), [InputRequired(_l("请填写日期。"))])
    amount = StringField(
        _l("金额（元）"),
        [
            Optional(),
            Regexp(r"^[0-9]{1,12}(\.[0-9]{1,2})?$", message=_l("请填写金额，如 50000 或 1234.50。")),
        ],
    )
    note = TextAreaField(_l("说明或理由"), [Length(max=500)])


class DueForm(FlaskForm):
    due_on = DateField(_l("下一步期限"), [Optional()])


def _fen(text: str | None) -> int | None:
    if not text:
        return None
    yuan, _dot, rest = text.partition(".")
    return int(yuan) * 100 + int(rest.ljust(2, "0") or "0")


@bp.post("/cases")
@only(roles.ANSWERS_PUSHES)
def start_case() -> ResponseReturnValue:
    """Begin: from a push or from the list; one consent files an automatic claim."""
    form = request.form
    row = cases.start(
        current_actor(),
        push_id=form.get("push", type=int),
        policy=form.get("policy", "")[:64],
        automatic=form.get("automatic") == "1",
        consent=form.get("consent") == "1",
    )
    flash_ok(_("已申报，无需再填表。") if row.automatic else _("已开始办理，政策专员会联系您。"))
    return redirect(url_for("policy.case", case_id=row.id), 303)


@bp.get("/cases")
@only(roles.SEES_MONTHLY_FACTS)
def case_list() -> ResponseReturnValue:
    """One's own cases; officers and auditors see all."""
    actor = current_actor()
    listing = Listing.from_request(
        {"started": PolicyCase.started_on, "due": PolicyCase.due_on}, "started", ("state",), desc=True
    )
    state = listing.filters["state"] if listing.filters["state"] in CASE else ""
    page = listing.page(cases.visible_cases(actor, state), PolicyCase.id.desc(), scalars=False)
    firms = identity.organisations_by_id({row.organisation_id for row, _version in page.items}, actor)
    return render_template(
        "policy/cases.html",
        listing=listing,
        page=page,
        firms=firms,
        all_firms=actor.may(roles.SEES_MONTHLY_FACTS_OF_ALL_FIRMS),
        **words.NAMES,
    )


@bp.get("/cases/<int:case_id>")
@only(roles.SEES_MONTHLY_FACTS)
def case(case_id: int) -> ResponseReturnValue:
    return _page(case_id, StepForm(formdata=None, on_day=clock.today()), DueForm(formdata=None))


def _page(case_id: int, form: StepForm, due: DueForm) -> Any:
    actor = current_actor()
    row = cases.get_case(actor, case_id)
    version = versions_by_id([row.policy_version_id], row.as_of)[row.policy_version_id]
    kinds = {kind.code: kind for kind in facts.list_kinds()}
    officer = actor.may(roles.KEEPS_POLICIES)
    own = row.organisation_id == actor.organisation_id and actor.may(roles.ANSWERS_PUSHES)
    steps = [wanted for wanted in CASE[row.state] if officer or (own and wanted in BY_FIRM)]
    page = render_template(
        "policy/case.html",
        row=row,
        version=version,
        lines=lines_of(row.judged, version.bound.policy.conditions, kinds),
        firm=identity.get_organisation(row.organisation_id),
        wanted=steps,
        officer=officer,
        running=row.state in RUNNING,
        form=form,
        due=due,
        sent_on=cases.sent_on(row),
        states=("started", "filed", "granted", "paid"),
        names=cases.names_of(row),
        **words.NAMES,
    )
    return page, form_status(form)


@bp.post("/cases/<int:case_id>/step")
@only(roles.MOVES_CASES)
def move_case(case_id: int) -> ResponseReturnValue:
    """The next step with its day."""
    form = StepForm()
    wanted = request.form.get("state", "")
    if form.validate():
        with refusals_to(form):
            day: dt.date = form.on_day.data
            cases.move(current_actor(), case_id, wanted, day, form.note.data or "", _fen(form.amount.data))
            flash_ok(_("已记录：%(state)s。", state=words.CASE_STATES.get(wanted, wanted)))
            return redirect(url_for("policy.case", case_id=case_id), 303)
    return _page(case_id, form, DueForm(formdata=None))


@bp.post("/cases/<int:case_id>/due")
@only(roles.KEEPS_POLICIES)
def plan_case(case_id: int) -> ResponseReturnValue:
    """By when the next step is to be done."""
    due = DueForm()
    if due.validate():
        with refusals_to(due):
            cases.plan(current_actor(), case_id, due.due_on.data)
            flash_ok(_("期限已记录，企业日历会随之更新。"))
            return redirect(url_for("policy.case", case_id=case_id), 303)
    page, _status = _page(case_id, StepForm(formdata=None, on_day=clock.today()), due)
    return page, form_status(due)


@bp.get("/cases/<int:case_id>/paper.pdf")
@only(roles.SEES_MONTHLY_FACTS)
def case_paper(case_id: int) -> ResponseReturnValue:
    """The case on paper: what was judged, by which facts, which steps on which days."""
    row = cases.get_case(current_actor(), case_id)
    version = versions_by_id([row.policy_version_id], row.as_of)[row.policy_version_id]
    kinds = {kind.code: kind for kind in facts.list_kinds()}
    lines = lines_of(row.judged, version.bound.policy.conditions, kinds)
    firm = identity.get_organisation(row.organisation_id)
    return download(draw(row, version, firm.name, lines), f"policy-case-{case_id}.pdf", "application/pdf")


@bp.get("/deadlines.ics")
@only(roles.SEES_MONTHLY_FACTS_OF_OWN_FIRM)
def deadlines_calendar() -> ResponseReturnValue:
    """The days of the firm's running cases and of what still fits it."""
    events = cases.deadlines_of(current_actor())
    return download(deadlines(events, clock.now()), "policy-deadlines.ics", "text/calendar; charset=utf-8")
