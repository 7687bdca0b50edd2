"""The page of qualifications: defined by owners and the park, granted to members for a time."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.hall import clock
from app.hall.web.answers import flash_ok, form_status, refusals_to, safe_next
from app.hall.web.guards import current_actor, only, signed_in
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles
from app.sharing.pages import bp
from app.sharing.qualifications import service as qualifications_service
from app.sharing.qualifications.models import MemberQualification
from app.sharing.qualifications.schemas import GrantForm, QualificationForm


@bp.get("/qualifications")
@only(roles.SEES_QUALIFICATIONS)
def qualifications() -> ResponseReturnValue:
    """What an instrument may ask for, and who has it."""
    return _page(QualificationForm(), _grant_form())


def _grant_form() -> GrantForm:
    actor = current_actor()
    form = GrantForm()
    mine = [
        row for row in qualifications_service.visible(actor) if qualifications_service.may_grant(actor, row)
    ]
    form.qualification.choices = [SelectChoice(row.id, f"{row.code} {row.name}") for row in mine]
    return form


def _page(form: QualificationForm, grant_form: GrantForm) -> str:
    actor = current_actor()
    listing = Listing.from_request({"expires": MemberQualification.expires_on}, "expires", ())
    rows = qualifications_service.visible(actor)
    mine = {row.id for row in rows if qualifications_service.may_grant(actor, row)}
    shown = rows if actor.has(roles.AUDITOR) else [row for row in rows if row.id in mine]
    page = listing.page(qualifications_service.holders_statement(shown), MemberQualification.id)
    members = identity.members_by_id(held.member_id for held in page.items)
    return render_template(
        "sharing/qualifications/qualifications.html",
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
        may_define=actor.may(roles.OFFERS_RESOURCES),
        today=clock.today(),
    )


@bp.post("/qualifications")
@only(roles.OFFERS_RESOURCES)
def define_qualification() -> ResponseReturnValue:
    form = QualificationForm()
    if form.validate_on_submit():
        with refusals_to(form):
            row = qualifications_service.define(current_actor(), form.code.data, form.name.data)
            flash_ok(_("资质“%(name)s”已设立。", name=row.name))
            return redirect(url_for("sharing.qualifications"), 303)
    return _page(form, _blank_grant_form()), form_status(form)


def _blank_grant_form() -> GrantForm:
    form = _grant_form()
    blank = GrantForm(formdata=None)
    blank.qualification.choices = form.qualification.choices
    return blank


@bp.post("/qualifications/<int:qualification_id>/apply")
@signed_in
def apply_for_qualification(qualification_id: int) -> ResponseReturnValue:
    """A member without the training asks those who grant it."""
    qualifications_service.apply(current_actor(), qualification_id)
    flash_ok(_("申请已发给授予方，获得资质后会通知您。"))
    return redirect(safe_next(request.form.get("next", "")) or url_for("sharing.timeline"), 303)


@bp.post("/qualifications/grants")
@only(roles.OFFERS_RESOURCES)
def grant_qualification() -> ResponseReturnValue:
    form = _grant_form()
    if form.validate_on_submit():
        with refusals_to(form):
            qualifications_service.grant(
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
@only(roles.OFFERS_RESOURCES)
def revoke_qualification(held_id: int) -> ResponseReturnValue:
    qualifications_service.revoke(current_actor(), held_id)
    flash_ok(_("资质已撤销，会员已收到通知。"))
    return redirect(url_for("sharing.qualifications"), 303)
