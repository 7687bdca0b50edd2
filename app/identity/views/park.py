"""The park's own pages: firms that ask to join, the directory, the audit trail."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.identity.forms import DecideForm
from app.identity.messages import INDUSTRY_NAMES, KIND_NAMES, ROLE_NAMES, SIZE_NAMES, STATUS_NAMES
from app.identity.models import AuditEvent, Member, Organisation
from app.identity.service import directory, joining, people, trail
from app.identity.views import bp
from app.identity.views.account import shown_once
from app.web import Listing, current_actor, download, flash_ok, form_status, refusals_to, roles

STAFF = ("park_admin", "investment_staff", "credit_reviewer", "committee_secretary", "auditor")
NAMES = {
    "kind_names": KIND_NAMES,
    "industry_names": INDUSTRY_NAMES,
    "size_names": SIZE_NAMES,
    "status_names": STATUS_NAMES,
    "role_names": ROLE_NAMES,
}


@bp.get("/identity/registrations")
@roles("park_admin", "auditor")
def registrations() -> Any:
    return _registrations(DecideForm(formdata=None), 0)


def _registrations(form: DecideForm, refused_id: int) -> str:
    wanted = request.args.get("status", "pending")
    status = wanted if wanted in ("pending", "active", "rejected") else "pending"
    return render_template(
        "identity/registrations.html",
        rows=people.list_registrations(status),
        status=status,
        waiting=people.count_registrations(),
        form=form,
        refused_id=refused_id,
        may_decide=current_actor().has("park_admin"),
        **NAMES,
    )


@bp.post("/identity/registrations/<int:organisation_id>")
@roles("park_admin")
def decide_registration(organisation_id: int) -> Any:
    form = DecideForm()
    approve = request.form.get("decision") == "approve"
    if form.validate():
        with refusals_to(form):
            joining.decide_registration(current_actor(), organisation_id, approve, form.reason.data or "")
            flash_ok(_("企业已获准入驻，可以登录。") if approve else _("申请已拒绝，理由已记录。"))
            return redirect(url_for("identity.registrations"), 303)
    return _registrations(form, organisation_id), form_status(form)


@bp.get("/identity/organisations")
@roles(*STAFF)
def organisations() -> Any:
    listing = Listing.from_request(
        sorts={
            "code": Organisation.code,
            "name": Organisation.name_zh,
            "industry": Organisation.industry,
            "joined": Organisation.created_at,
        },
        default="code",
        filters=("kind", "status", "industry"),
    )
    page = listing.page(people.organisation_statement(listing.q, **listing.filters), Organisation.id)
    return render_template(
        "identity/organisations.html",
        listing=listing,
        page=page,
        members=people.count_members(row.id for row in page.items),
        **NAMES,
    )


@bp.get("/identity/organisations/<int:organisation_id>")
@roles(*STAFF)
def organisation(organisation_id: int) -> Any:
    found = directory.get_organisation(organisation_id)
    listing = Listing.from_request(sorts={"name": Member.name}, default="name")
    page = listing.page(people.member_statement(organisation_id), Member.id)
    return render_template(
        "identity/organisation.html",
        organisation=found,
        listing=listing,
        page=page,
        events=trail.events_about("organisation", organisation_id),
        manages=current_actor().has("park_admin"),
        actor=current_actor(),
        fresh=shown_once("reset"),
        **NAMES,
    )


def _trail() -> tuple[Listing, Any]:
    listing = Listing.from_request(
        sorts={"at": AuditEvent.at, "who": AuditEvent.actor_name, "action": AuditEvent.action},
        default="at",
        filters=("action", "subject", "since", "until"),
        desc=True,
        per_page=30,
    )
    chosen = listing.filters
    statement = trail.trail_statement(
        listing.q,
        chosen["action"],
        chosen["subject"],
        clock.read_day(chosen["since"]),
        clock.read_day(chosen["until"]),
    )
    return listing, statement


@bp.get("/identity/audit")
@roles("park_admin", "auditor")
def audit_trail() -> Any:
    listing, statement = _trail()
    return render_template(
        "identity/audit.html",
        listing=listing,
        page=listing.page(statement, AuditEvent.id.desc()),
        families=trail.families(),
        subjects=trail.subjects(),
    )


@bp.get("/identity/audit.csv")
@roles("park_admin", "auditor")
def export_audit() -> Any:
    _listing, statement = _trail()
    return download(trail.export_csv(statement), f"audit-{clock.today()}.csv", "text/csv; charset=utf-8")
