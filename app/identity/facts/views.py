"""Pages of one organisation: its facts, 企业画像, leaving, joining; and the park's list of what waits."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.db.base import db
from app.hall.text.language import lang
from app.hall.web import bulk
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only, signed_in
from app.hall.web.listing import Listing
from app.identity.arrivals import service as arrivals
from app.identity.facts import service as facts
from app.identity.facts.api import KEEPS_FACTS
from app.identity.facts.models import OrganisationChange
from app.identity.facts.portrait import portrait
from app.identity.facts.rules import AGREED, FIELDS
from app.identity.facts.schemas import FactsForm, JoiningForm, LeavingForm
from app.identity.facts.words import FIELD_NAMES, STATE_NAMES, WHY_NAMES
from app.identity.joining import service as joining
from app.identity.leaving import service as leaving
from app.identity.organisations.directory import organisations_by_id
from app.identity.organisations.gbt4754 import division_name
from app.identity.organisations.models import Organisation
from app.identity.organisations.words import INDUSTRY_NAMES, KIND_NAMES, SIZE_NAMES, STATUS_NAMES
from app.identity.pages import bp
from app.identity.roles import MANAGES_OWN_ORGANISATION, RUNS_THE_PARK, SEES_FACT_CHANGES
from app.identity.starter import service as starter
from app.identity.starter.words import STEP_NAMES

NAMES = {
    "kind_names": KIND_NAMES,
    "status_names": STATUS_NAMES,
    "field_names": FIELD_NAMES,
    "state_names": STATE_NAMES,
}


def shown(field: str, value: str) -> str:
    """A fact as a reader sees it: chosen values by their names."""
    if field == "industry_code" and value:
        return f"{value} {division_name(value, lang())}"
    return str({"industry": INDUSTRY_NAMES, "size": SIZE_NAMES}.get(field, {}).get(value, value))


bp.add_app_template_global(shown, "fact_shown")


def _own_firm(row: Organisation) -> bool:
    """A firm's administrator sees the first days on the firm's own page."""
    actor = current_actor()
    return (
        row.kind == "enterprise" and row.id == actor.organisation_id and actor.may(MANAGES_OWN_ORGANISATION)
    )


@bp.get("/identity/mine")
@signed_in
def mine() -> ResponseReturnValue:
    """The reader's own organisation."""
    return redirect(url_for("identity.portrait_of", organisation_id=current_actor().organisation_id))


@bp.get("/identity/organisations/<int:organisation_id>/portrait")
@signed_in
def portrait_of(organisation_id: int) -> ResponseReturnValue:
    row = db.session.get(Organisation, organisation_id)
    parts = portrait(current_actor(), row)
    assert row is not None
    return render_template(
        "identity/facts/portrait.html",
        organisation=row,
        parts=parts,
        values={field: facts.value_of(row, field) for field in FIELDS},
        may_change=facts.may_change(current_actor(), organisation_id),
        printed_at=clock.now(),
        steps=starter.firm_steps(organisation_id) if _own_firm(row) else [],
        step_names=STEP_NAMES,
        **NAMES,
    )


@bp.route("/identity/organisations/<int:organisation_id>/facts", methods=["GET", "POST"])
@only(KEEPS_FACTS)
def organisation_facts(organisation_id: int) -> ResponseReturnValue:
    actor = current_actor()
    row = facts.get_for(actor, organisation_id)
    form = FactsForm(obj=row)
    if form.validate_on_submit():
        values = {}
        for field in FIELDS:
            data = form[field].data
            values[field] = data.isoformat() if hasattr(data, "isoformat") else data or ""
        with refusals_to(form):
            changed = facts.change_facts(actor, organisation_id, values, form.reason.data or "")
            if changed.waiting:
                flash_ok(_("已提交：名称、行业、规模和位置的修改待园区确认，其余已生效。"))
            else:
                flash_ok(_("已保存。"))
            return redirect(url_for("identity.organisation_facts", organisation_id=organisation_id), 303)
    page = render_template(
        "identity/facts/facts.html",
        organisation=row,
        form=form,
        agreed=AGREED,
        runs=actor.may(RUNS_THE_PARK),
        history=facts.history(organisation_id),
        **NAMES,
    )
    return page, form_status(form)


@bp.get("/identity/changes")
@only(SEES_FACT_CHANGES)
def changes() -> ResponseReturnValue:
    """What firms changed or asked for, waiting for the park."""
    listing = Listing.from_request(sorts={"at": OrganisationChange.at}, default="at")
    page = listing.page(facts.waiting_statement(), OrganisationChange.id, scalars=False)
    return render_template(
        "identity/facts/changes.html",
        listing=listing,
        page=page,
        may_decide=current_actor().may(RUNS_THE_PARK),
        **NAMES,
    )


@bp.post("/identity/changes/<int:change_id>")
@only(RUNS_THE_PARK)
def decide_change(change_id: int) -> ResponseReturnValue:
    agree = request.form.get("decision") == "agree"
    reason = request.form.get("reason", "")[:500]
    facts.decide_change(current_actor(), change_id, agree, reason)
    flash_ok(_("修改已生效。") if agree else _("修改已退回，理由已告知。"))
    return redirect(url_for("identity.changes"), 303)


@bp.post("/identity/changes")
@only(RUNS_THE_PARK)
def decide_changes() -> ResponseReturnValue:
    """One answer to several changes; each is judged by itself."""
    actor, reason = current_actor(), request.form.get("reason", "")[:500]
    agree = request.form.get("decision") == "agree"
    bulk.each(
        bulk.chosen(),
        lambda change_id: facts.decide_change(actor, change_id, agree, reason),
        lambda change_id: _("变更 %(id)s", id=change_id),
    )
    return redirect(url_for("identity.changes"), 303)


@bp.route("/identity/organisations/<int:organisation_id>/leaving", methods=["GET", "POST"])
@only(KEEPS_FACTS)
def leaving_page(organisation_id: int) -> ResponseReturnValue:
    actor = current_actor()
    row = facts.get_for(actor, organisation_id)
    form = LeavingForm()
    if form.validate_on_submit():
        with refusals_to(form):
            agreed = leaving.ask_to_leave(actor, organisation_id, form.day.data, form.reason.data or "")
            flash_ok(_("退园日期已登记。") if agreed else _("退园申请已提交，园区确认后生效。"))
            return redirect(url_for("identity.leaving_page", organisation_id=organisation_id), 303)
    day = form.day.data or row.leaves_on or clock.today()
    page = render_template(
        "identity/leaving/leaving.html",
        organisation=row,
        form=form,
        day=day,
        open_things=leaving.open_things(organisation_id, day),
        **NAMES,
    )
    return page, form_status(form)


@bp.post("/identity/organisations/<int:organisation_id>/stay")
@only(KEEPS_FACTS)
def stay(organisation_id: int) -> ResponseReturnValue:
    leaving.stay(current_actor(), organisation_id, request.form.get("reason", "")[:500])
    flash_ok(_("退园已取消。"))
    return redirect(url_for("identity.leaving_page", organisation_id=organisation_id), 303)


@bp.route("/identity/organisations/<int:organisation_id>/joining", methods=["GET", "POST"])
@only(RUNS_THE_PARK)
def joining_page(organisation_id: int) -> ResponseReturnValue:
    """Is this Z77? What would follow and what would stay is said first; then it is one act."""
    actor = current_actor()
    row = facts.get_for(actor, organisation_id)
    form = JoiningForm(into=request.args.get("into", ""))
    into = None
    if (form.into.data or "").strip():
        with refusals_to(form):
            into = arrivals.get_by_code(form.into.data or "")
    if into is not None and form.validate_on_submit():
        with refusals_to(form):
            joining.join(actor, organisation_id, into.id, form.reason.data or "")
            flash_ok(_("%(name)s已并入%(into)s。", name=row.name_zh, into=into.name))
            return redirect(url_for("identity.organisation", organisation_id=into.id), 303)
    joins = joining.joins_of(organisation_id)
    page = render_template(
        "identity/joining/joining.html",
        organisation=row,
        form=form,
        into=into,
        effects=joining.preview(actor, organisation_id, into.id) if into and into.id != row.id else [],
        joins=joins,
        sides=organisations_by_id(one for j in joins for one in (j.from_id, j.into_id)),
        why_names=WHY_NAMES,
        **NAMES,
    )
    return page, form_status(form)


@bp.post("/identity/joins/<int:join_id>/undo")
@only(RUNS_THE_PARK)
def undo_join(join_id: int) -> ResponseReturnValue:
    joining.part(current_actor(), join_id, request.form.get("reason", "")[:500])
    flash_ok(_("合并已撤销。"))
    return redirect(url_for("identity.organisations"), 303)
