"""Pages of upkeep: an instrument's special prices and units, and the park's own terms."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.db import db, paginate
from app.errors import NotFound
from app.identity import service as identity
from app.identity.service.people import get_member
from app.sharing import service
from app.sharing.forms_upkeep import HolidayForm, RateForm, TermsForm, UnitForm
from app.sharing.models import Rate, Resource, Suspension
from app.sharing.service import access, loading, showing, terms, upkeep
from app.sharing.views import bp
from app.web import current_actor, flash_ok, form_status, refusals_to, roles

OWNERS = ("enterprise_admin", "steward", "university_office", "park_admin")


@bp.get("/resources/<int:resource_id>/upkeep")
@roles(*OWNERS)
def resource_upkeep(resource_id: int) -> Any:
    """What it costs whom and when, and how many there are."""
    return _upkeep_page(_mine(resource_id), RateForm(), UnitForm())


def _mine(resource_id: int) -> Resource:
    row = service.get_resource(resource_id)
    access.require_runner_or_park(current_actor(), row.owner_id)
    if row.kind != "equipment":
        raise NotFound("resource_not_found")
    return row


def _upkeep_page(row: Resource, rate_form: RateForm, unit_form: UnitForm) -> Any:
    return render_template(
        "sharing/upkeep.html",
        row=row,
        rates=list(db.session.scalars(sa.select(Rate).where(Rate.resource_id == row.id).order_by(Rate.id))),
        units=showing.units_of(row.id),
        rate_form=rate_form,
        unit_form=unit_form,
    )


@bp.post("/resources/<int:resource_id>/rates")
@roles(*OWNERS)
def add_rate(resource_id: int) -> Any:
    row, form = _mine(resource_id), RateForm()
    if form.validate_on_submit():
        with refusals_to(form):
            upkeep.add_rate(current_actor(), row.id, form.new_rate())
            flash_ok(_("分时价格已保存，只影响以后的预约。"))
            return redirect(url_for("sharing.resource_upkeep", resource_id=row.id), 303)
    return _upkeep_page(row, form, UnitForm(formdata=None)), form_status(form)


@bp.post("/rates/<int:rate_id>/drop")
@roles(*OWNERS)
def drop_rate(rate_id: int) -> Any:
    resource_id = upkeep.drop_rate(current_actor(), rate_id)
    flash_ok(_("分时价格已删除。"))
    return redirect(url_for("sharing.resource_upkeep", resource_id=resource_id), 303)


@bp.post("/resources/<int:resource_id>/units")
@roles(*OWNERS)
def add_unit(resource_id: int) -> Any:
    row, form = _mine(resource_id), UnitForm()
    if form.validate_on_submit():
        with refusals_to(form):
            upkeep.add_unit(current_actor(), row.id, form.label.data)
            flash_ok(_("台位已添加，可以预约。"))
            return redirect(url_for("sharing.resource_upkeep", resource_id=row.id), 303)
    return _upkeep_page(row, RateForm(formdata=None), form), form_status(form)


@bp.post("/units/<int:unit_id>/<any(activate,deactivate):action>")
@roles(*OWNERS)
def switch_unit(unit_id: int, action: str) -> Any:
    resource_id = upkeep.set_unit_active(current_actor(), unit_id, action == "activate")
    flash_ok(_("台位已启用。") if action == "activate" else _("台位已停用。"))
    return redirect(url_for("sharing.resource_upkeep", resource_id=resource_id), 303)


@bp.get("/terms")
@roles("park_admin", "auditor")
def park_terms() -> Any:
    """The terms of the whole park; the auditor reads."""
    return _terms_page(_as_they_are(), HolidayForm())


@bp.post("/terms")
@roles("park_admin")
def change_park_terms() -> Any:
    form = TermsForm()
    if form.validate_on_submit():
        with refusals_to(form):
            terms.set_terms(current_actor(), **form.values())
            flash_ok(_("共享条款已保存。"))
            return redirect(url_for("sharing.park_terms"), 303)
    return _terms_page(form, HolidayForm(formdata=None)), form_status(form)


def _as_they_are() -> TermsForm:
    now = loading.park_terms()
    values = {name: getattr(now, name) for name in terms.BOUNDS}
    values["credit_share"] = round(now.credit_share_ratio * 100)
    values["credit_value"] = Decimal(now.credit_value_fen) / 100
    return TermsForm(formdata=None, data=values)


def _terms_page(form: TermsForm, holiday_form: HolidayForm) -> Any:
    number = request.args.get("page", "1")
    query = terms.suspensions_statement().order_by(Suspension.until_at, Suspension.id)
    page = paginate(
        query, int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1, 50
    )
    members = {row.member_id: get_member(row.member_id) for row in page.items}
    return render_template(
        "sharing/terms.html",
        form=form,
        holiday_form=holiday_form,
        holidays=terms.holidays(clock.today()),
        page=page,
        members=members,
        organisations=identity.organisations_by_id(m.organisation_id for m in members.values()),
        may_change=current_actor().has("park_admin"),
    )


@bp.post("/terms/holidays")
@roles("park_admin")
def set_holiday() -> Any:
    form = HolidayForm()
    if form.validate_on_submit():
        with refusals_to(form):
            terms.set_holiday(current_actor(), form.day.data, form.name.data)
            flash_ok(_("节假日已保存，当天不再接受新的预约。"))
            return redirect(url_for("sharing.park_terms"), 303)
    return _terms_page(_as_they_are(), form), form_status(form)


@bp.post("/terms/holidays/<day>/drop")
@roles("park_admin")
def drop_holiday(day: str) -> Any:
    try:
        on_day = dt.date.fromisoformat(day)
    except ValueError:
        raise NotFound("holiday_unknown") from None
    terms.drop_holiday(current_actor(), on_day)
    flash_ok(_("节假日已删除。"))
    return redirect(url_for("sharing.park_terms"), 303)


@bp.post("/suspensions/<int:suspension_id>/lift")
@roles("park_admin")
def lift_suspension(suspension_id: int) -> Any:
    terms.lift_suspension(current_actor(), suspension_id)
    flash_ok(_("已恢复该会员的预约资格。"))
    return redirect(url_for("sharing.park_terms"), 303)
