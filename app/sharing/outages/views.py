"""Pages of outages; what a higher room keeps at this place is shown beside them."""

from __future__ import annotations

import sqlalchemy as sa
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.db.base import db
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, signed_in
from app.sharing import access, listeners
from app.sharing.calendar.park_time import aware
from app.sharing.catalogue import records as resource_records
from app.sharing.outages import service as outages_service
from app.sharing.outages.models import Outage
from app.sharing.outages.schemas import OutageForm
from app.sharing.pages import bp


@bp.route("/resources/<int:resource_id>/outages", methods=["GET", "POST"])
@signed_in
def outages(resource_id: int) -> ResponseReturnValue:
    """Declare that it stands still; see what that would hit before saying so."""
    actor = current_actor()
    row = resource_records.get_resource(resource_id)
    access.require_runner_or_park(actor, row.owner_id)
    form = OutageForm()
    if form.validate_on_submit():
        with refusals_to(form):
            result = outages_service.declare(
                actor,
                row.id,
                aware(form.start.data),
                aware(form.end.data),
                form.reason.data,
                kind=form.kind.data,
            )
            flash_ok(
                _(
                    "停机已登记：%(hit)s 个预约免费取消并已通知，候补名额发出 %(offers)s 个。",
                    hit=len(result.cancelled),
                    offers=result.offers,
                )
            )
            return redirect(url_for("sharing.resource", resource_id=row.id), 303)
    rows = db.session.scalars(
        sa.select(Outage).where(Outage.resource_id == row.id).order_by(Outage.start_at.desc()).limit(50)
    )
    return (
        render_template(
            "sharing/outages/outages.html",
            row=row,
            form=form,
            outages=list(rows),
            now=clock.now(),
            beside=listeners.beside_outages(actor, row.id),
        ),
        form_status(form),
    )


@bp.post("/outages/<int:outage_id>/withdraw")
@signed_in
def withdraw_outage(outage_id: int) -> ResponseReturnValue:
    row = outages_service.withdraw(current_actor(), outage_id)
    flash_ok(_("停机已解除。"))
    return redirect(url_for("sharing.outages", resource_id=row.resource_id), 303)
