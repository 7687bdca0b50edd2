"""Pages of use: note it, dispute a charge, adjust it."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, signed_in
from app.sharing.bookings.views import booking_page
from app.sharing.calendar.park_time import aware
from app.sharing.pages import bp
from app.sharing.use import service as use_log
from app.sharing.use.schemas import AdjustForm, DisputeForm, UsageForm


@bp.post("/bookings/<int:booking_id>/usage")
@signed_in
def log_use(booking_id: int) -> ResponseReturnValue:
    form = UsageForm()
    if form.validate_on_submit():
        with refusals_to(form):
            use_log.log_use(
                current_actor(),
                booking_id,
                aware(form.start.data),
                aware(form.end.data),
                form.note.data or "",
            )
            flash_ok(_("使用已登记并结算。"))
            return redirect(url_for("sharing.booking", booking_id=booking_id), 303)
    return booking_page(booking_id, usage_form=form), form_status(form)


@bp.post("/bookings/<int:booking_id>/dispute")
@signed_in
def dispute(booking_id: int) -> ResponseReturnValue:
    form = DisputeForm()
    if form.validate_on_submit():
        with refusals_to(form):
            use_log.dispute(current_actor(), booking_id, form.reason.data)
            flash_ok(_("异议已提交给所有者。"))
            return redirect(url_for("sharing.booking", booking_id=booking_id), 303)
    return booking_page(booking_id, dispute_form=form), form_status(form)


@bp.post("/bookings/<int:booking_id>/adjust")
@signed_in
def adjust(booking_id: int) -> ResponseReturnValue:
    form = AdjustForm()
    if form.validate_on_submit():
        with refusals_to(form):
            use_log.adjust(current_actor(), booking_id, round(form.amount.data * 100), form.reason.data)
            flash_ok(_("已调整，预约人已收到通知。"))
            return redirect(url_for("sharing.booking", booking_id=booking_id), 303)
    return booking_page(booking_id, adjust_form=form), form_status(form)
