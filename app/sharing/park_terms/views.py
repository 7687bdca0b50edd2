"""Pages of the park's own terms."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.db.paging import paginate
from app.hall.errors import NotFound
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only
from app.identity import door as identity
from app.identity.door import get_member, roles
from app.sharing.pages import bp
from app.sharing.park_terms import days
from app.sharing.park_terms import service as terms
from app.sharing.park_terms.models import Suspension
from app.sharing.park_terms.schemas import HolidayForm, TermsForm


@bp.get("/terms")
@only(roles.SEES_SHARING_TERMS)
def park_terms() -> ResponseReturnValue:
    """The terms of the whole park; the auditor reads."""
    return _terms_page(_as_they_are(), HolidayForm())


@bp.post("/terms")
@only(roles.SETS_SHARING_TERMS)
def change_park_terms() -> ResponseReturnValue:
    form = TermsForm()
    if form.validate_on_submit():
        with refusals_to(form):
            terms.set_terms(current_actor(), **form.values())
            flash_ok(_("共享条款已保存。"))
            return redirect(url_for("sharing.park_terms"), 303)
    return _terms_page(form, HolidayForm(formdata=None)), form_status(form)


def _as_they_are() -> TermsForm:
    now = terms.park_terms()
    values = {name: getattr(now, name) for name in terms.BOUNDS}
    values["credit_share"] = round(now.credit_share_ratio * 100)
    values["credit_value"] = Decimal(now.credit_value_fen) / 100
    return TermsForm(formdata=None, data=values)


def _terms_page(form: TermsForm, holiday_form: HolidayForm) -> str:
    number = request.args.get("page", "1")
    query = terms.suspensions_statement().order_by(Suspension.until_at, Suspension.id)
    page = paginate(query, min(whole(number) or 1, 99_999), 50)
    members = {row.member_id: get_member(row.member_id) for row in page.items}
    return render_template(
        "sharing/park_terms/terms.html",
        form=form,
        holiday_form=holiday_form,
        holidays=terms.holidays(clock.today()),
        page=page,
        members=members,
        organisations=identity.organisations_by_id(m.organisation_id for m in members.values()),
        may_change=current_actor().may(roles.SETS_SHARING_TERMS),
    )


@bp.post("/terms/holidays")
@only(roles.SETS_SHARING_TERMS)
def set_holiday() -> ResponseReturnValue:
    form = HolidayForm()
    if form.validate_on_submit():
        with refusals_to(form):
            days.close_range(current_actor(), form.day.data, form.until.data or form.day.data, form.name.data)
            flash_ok(_("节假日已保存，当天不再接受新的预约。"))
            return redirect(url_for("sharing.park_terms"), 303)
    return _terms_page(_as_they_are(), form), form_status(form)


@bp.post("/terms/holidays/<day>/drop")
@only(roles.SETS_SHARING_TERMS)
def drop_holiday(day: str) -> ResponseReturnValue:
    try:
        on_day = dt.date.fromisoformat(day)
    except ValueError:
        raise NotFound("holiday_unknown") from None
    terms.drop_holiday(current_actor(), on_day)
    flash_ok(_("节假日已删除。"))
    return redirect(url_for("sharing.park_terms"), 303)


@bp.post("/suspensions/<int:suspension_id>/lift")
@only(roles.SETS_SHARING_TERMS)
def lift_suspension(suspension_id: int) -> ResponseReturnValue:
    terms.lift_suspension(current_actor(), suspension_id)
    flash_ok(_("已恢复该会员的预约资格。"))
    return redirect(url_for("sharing.park_terms"), 303)
