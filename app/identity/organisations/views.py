"""Firms that ask to join, and the directory of who is here."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.files import list_export
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, limiter, only, public
from app.hall.web.listing import Listing
from app.identity.actor import OrganisationInfo
from app.identity.arrivals import applications
from app.identity.arrivals import service as arrivals
from app.identity.arrivals.finder import candidates_of
from app.identity.arrivals.schemas import FirstPersonForm
from app.identity.arrivals.words import GRADE_NAMES
from app.identity.audit import trail
from app.identity.members import service as members
from app.identity.members.models import Member
from app.identity.members.words import role_names
from app.identity.organisations import directory
from app.identity.organisations import service as register_of_firms
from app.identity.organisations.models import MAY_ACT, Organisation
from app.identity.organisations.schemas import DecideForm, RegisteredForm, RegisterForm
from app.identity.organisations.words import INDUSTRY_NAMES, KIND_NAMES, SIZE_NAMES, STATUS_NAMES
from app.identity.pages import bp
from app.identity.roles import BRINGS_FIRMS_IN, RUNS_THE_PARK, SEES_ORGANISATIONS, SEES_REGISTRATIONS
from app.identity.sessions.shown_once import shown_once

APPLICATION = "application"  # in the browser of who applied: the number that the next page shows
NAMES = {
    "kind_names": KIND_NAMES,
    "industry_names": INDUSTRY_NAMES,
    "size_names": SIZE_NAMES,
    "status_names": STATUS_NAMES,
}


@bp.get("/identity/registrations")
@only(SEES_REGISTRATIONS)
def registrations() -> ResponseReturnValue:
    return _registrations(DecideForm(formdata=None), 0)


def _registrations(form: DecideForm, refused_id: int) -> str:
    wanted = request.args.get("status", "pending")
    status = wanted if wanted in ("pending", "active", "rejected") else "pending"
    rows = register_of_firms.list_registrations(status)
    return render_template(
        "identity/organisations/registrations.html",
        rows=rows,
        candidates=candidates_of([row.organisation for row in rows]) if status == "pending" else {},
        grade_names=GRADE_NAMES,
        status=status,
        waiting=register_of_firms.count_registrations(),
        form=form,
        refused_id=refused_id,
        may_decide=current_actor().may(RUNS_THE_PARK),
        **NAMES,
    )


@bp.post("/identity/registrations/<int:organisation_id>")
@only(RUNS_THE_PARK)
def decide_registration(organisation_id: int) -> ResponseReturnValue:
    form = DecideForm()
    approve = request.form.get("decision") == "approve"
    if form.validate():
        with refusals_to(form):
            mailed = register_of_firms.decide_registration(
                current_actor(), organisation_id, approve, form.reason.data or ""
            )
            flash_ok(_("企业已获准入驻，可以登录。") if approve else _("申请已拒绝，理由已记录。"))
            if not mailed:
                flash_ok(_("没有发出邮件（园区未配置邮件服务），请自行告知申请人结果和登录名。"))
            return redirect(url_for("identity.registrations"), 303)
    return _registrations(form, organisation_id), form_status(form)


@bp.get("/identity/organisations")
@only(SEES_ORGANISATIONS)
def organisations() -> ResponseReturnValue:
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
    statement = register_of_firms.organisation_statement(listing.q, **listing.filters)
    if list_export.wanted():
        return _organisations_file(list_export.all_rows(listing, statement, Organisation.id))
    page = listing.page(statement, Organisation.id)
    return render_template(
        "identity/organisations/organisations.html",
        listing=listing,
        page=page,
        members=register_of_firms.count_members(row.id for row in page.items),
        may_add=current_actor().may(BRINGS_FIRMS_IN),
        may_import=current_actor().may(RUNS_THE_PARK),
        **NAMES,
    )


def _organisations_file(rows: list[Organisation]) -> ResponseReturnValue:
    members_of = register_of_firms.count_members(row.id for row in rows)
    heads = (
        _("编号"),
        _("名称"),
        _("英文名称"),
        _("类型"),
        _("行业"),
        _("规模"),
        _("成员"),
        _("加入日期"),
        _("状态"),
    )
    lines = (
        (
            row.code,
            row.name_zh,
            row.name_en,
            str(KIND_NAMES.get(row.kind, row.kind)),
            str(INDUSTRY_NAMES.get(row.industry, row.industry)),
            str(SIZE_NAMES.get(row.size, row.size)),
            members_of.get(row.id, 0),
            clock.day_of(row.created_at),
            str(STATUS_NAMES.get(row.status, row.status)),
        )
        for row in rows
    )
    return list_export.answer(_("企业与机构"), "organisations", heads, lines)


@bp.get("/identity/organisations/<int:organisation_id>")
@only(SEES_ORGANISATIONS)
def organisation(organisation_id: int) -> ResponseReturnValue:
    return _organisation(organisation_id, RegisteredForm(formdata=None))


@bp.post("/identity/organisations/<int:organisation_id>/registered")
@only(RUNS_THE_PARK)
def set_registered_on(organisation_id: int) -> ResponseReturnValue:
    """The park notes since when the firm stands in the business register."""
    form = RegisteredForm()
    if form.validate():
        with refusals_to(form):
            directory.set_registered_on(current_actor(), organisation_id, form.registered_on.data)
            flash_ok(_("注册日期已记录。"))
            return redirect(url_for("identity.organisation", organisation_id=organisation_id), 303)
    return _organisation(organisation_id, form), form_status(form)


def _organisation(organisation_id: int, form: RegisteredForm) -> str:
    found = directory.get_organisation(organisation_id)
    listing = Listing.from_request(sorts={"name": Member.name}, default="name")
    page = listing.page(members.member_statement(organisation_id), Member.id)
    return render_template(
        "identity/organisations/organisation.html",
        organisation=found,
        listing=listing,
        page=page,
        events=trail.events_about("organisation", organisation_id),
        form=form,
        manages=current_actor().may(RUNS_THE_PARK),
        role_names=role_names(),
        actor=current_actor(),
        fresh=shown_once("reset", "invitation"),
        first_form=FirstPersonForm(formdata=None),
        may_invite_first=_may_invite_first(found),
        waiting=arrivals.waiting_invitation(organisation_id),
        **NAMES,
    )


def _may_invite_first(found: OrganisationInfo) -> bool:
    """Who has members of its own invites them itself."""
    may = arrivals.may_bring_in(current_actor(), found.kind) and found.kind != "park"
    return may and found.status in MAY_ACT and not arrivals.has_members(found.id)


@bp.route("/identity/register", methods=["GET", "POST"])
@public
@limiter.limit("10 per hour", methods=["POST"])
def register() -> ResponseReturnValue:
    form = RegisterForm()
    if form.validate_on_submit():
        with refusals_to(form):
            organisation_id = register_of_firms.register_enterprise(
                kind=form.kind.data or "enterprise",
                name_zh=form.name_zh.data.strip(),
                name_en=(form.name_en.data or "").strip(),
                credit_code=form.credit_code.data,
                industry=form.industry.data or "",
                size=form.size.data or "",
                applicant=form.applicant.data.strip(),
                login=form.login.data,
                email=form.email.data.strip(),
                phone=(form.phone.data or "").strip(),
                password=form.password.data,
            )
            session[APPLICATION] = applications.number_of(organisation_id)
            return redirect(url_for("identity.registered"), 303)
    return render_template("identity/organisations/register.html", form=form), form_status(form)


@bp.get("/identity/registered")
@public
def registered() -> ResponseReturnValue:
    number = session.get(APPLICATION, "")
    return render_template("identity/organisations/registered.html", number=number)
