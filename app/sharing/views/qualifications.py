"""The page of qualifications: defined by owners and the park, granted to members for a time."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app import clock
from app.identity import service as identity
from app.identity.service.people import get_member
from app.sharing.forms_upkeep import GrantForm, QualificationForm
from app.sharing.models import MemberQualification
from app.sharing.service import qualifications as service
from app.sharing.views import bp
from app.web import Listing, current_actor, flash_ok, form_status, refusals_to, roles

OWNERS = ("enterprise_admin", "steward", "university_office", "park_admin")


@bp.get("/qualifications")
@roles(*OWNERS, "auditor")
def qualifications() -> Any:
    """What an instrument may ask for, and who has it."""
    return _page(QualificationForm(), _grant_form())


def _grant_form() -> GrantForm:
    actor = current_actor()
    form = GrantForm()
    mine = [row for row in service.visible(actor) if service.may_grant(actor, row)]
    form.qualification.choices = [SelectChoice(row.id, f"{row.code} {row.name}") for row in mine]
    return form


def _page(form: QualificationForm, grant_form: GrantForm) -> Any:
    actor = current_actor()
    listing = Listing.from_request({"expires": MemberQualification.expires_on}, "expires", ())
    rows = service.visible(actor)
    mine = {row.id for row in rows if service.may_grant(actor, row)}
    shown = rows if actor.has("auditor") else [row for row in rows if row.id in mine]
    page = listing.page(service.holders_statement(shown), MemberQualification.id)
    members = {held.member_id: get_member(held.member_id) for held in page.items}
    return render_template(
        "sharing/qualifications.html",
        rows=rows,
        by_id={row.id: row for row in rows},
        mine=mine,
        listing=listing,
        page=page,
        members=members,
        organisations=identity.organisations_by_id(
            [m.organisation_id for m in members.values()] + [row.owner_id for row in rows if row.owner_id]
        ),
        form=form,
        grant_form=grant_form,
        may_define=actor.has(*OWNERS),
        today=clock.today(),
    )


@bp.post("/qualifications")
@roles(*OWNERS)
def define_qualification() -> Any:
    form = QualificationForm()
    if form.validate_on_submit():
        with refusals_to(form):
            row = service.define(current_actor(), form.code.data, form.name.data)
            flash_ok(_("资质“%(name)s”已设立。", name=row.name))
            return redirect(url_for("sharing.qualifications"), 303)
    return _page(form, _blank_grant_form()), form_status(form)


def _blank_grant_form() -> GrantForm:
    form = _grant_form()
    blank = GrantForm(formdata=None)
    blank.qualification.choices = form.qualification.choices
    return blank


@bp.post("/qualifications/grants")
@roles(*OWNERS)
def grant_qualification() -> Any:
    form = _grant_form()
    if form.validate_on_submit():
        with refusals_to(form):
            service.grant(
                current_actor(),
                form.qualification.data,
                form.organisation.data,
                form.login.data,
                form.expires.data,
            )
            flash_ok(_("资质已授予，会员已收到通知。"))
            return redirect(url_for("sharing.qualifications"), 303)
    return _page(QualificationForm(formdata=None), form), form_status(form)


@bp.post("/qualifications/grants/<int:held_id>/revoke")
@roles(*OWNERS)
def revoke_qualification(held_id: int) -> Any:
    service.revoke(current_actor(), held_id)
    flash_ok(_("资质已撤销，会员已收到通知。"))
    return redirect(url_for("sharing.qualifications"), 303)
