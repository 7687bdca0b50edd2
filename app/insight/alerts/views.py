"""The pages of alerts: what fell, how sure we are, who carries it, what was done, whether it helped."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.db.paging import Page
from app.hall.errors import Invalid, Reason
from app.hall.web.answers import flash_ok, redirect_back
from app.hall.web.guards import current_actor, only
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles
from app.insight.alerts import queries, service
from app.insight.cockpit import drawing
from app.insight.pages import bp
from app.insight.reading import month_text
from app.insight.scores.queries import board
from app.insight.scores.store import finished


@bp.get("/alerts")
@only(roles.SEES_FIGURES_OF_GROUPS)
def alert_list() -> ResponseReturnValue:
    listing = Listing.from_request({"month": "month"}, "month", ("state", "kind"))
    wanted = queries.Wanted(listing.filters["state"], "", None, listing.filters["kind"])
    found, total = queries.list_alerts(wanted, listing.per_page, (listing.page_no - 1) * listing.per_page)
    names = board(finished(), finished())
    return render_template(
        "insight/alerts.html",
        alerts=found,
        page=Page(found, total, listing.page_no, listing.per_page),
        listing=listing,
        names=names,
        draw=drawing,
        month_text=month_text,
    )


@bp.get("/alerts/<int:alert_id>")
@only(roles.SEES_FIGURES_OF_GROUPS)
def alert_page(alert_id: int) -> ResponseReturnValue:
    one = queries.get_shown(alert_id)
    row = one.alert
    last = finished()
    found = board(min(row.opened_month - 8, last), last)
    return render_template(
        "insight/alert.html",
        one=one,
        names=found,
        draw=drawing,
        month_text=month_text,
        chart=drawing.series_chart(found, row.dimension, row.layer, last, one, 10),
        may_answer=current_actor().may(roles.ANSWERS_ALERTS) and one.open,
        staff=identity.members_of(current_actor().organisation_id),
        today=clock.today(),
    )


@bp.post("/alerts/<int:alert_id>/acknowledge")
@only(roles.ANSWERS_ALERTS)
def alert_acknowledge(alert_id: int) -> ResponseReturnValue:
    service.acknowledge(current_actor(), alert_id)
    flash_ok(_("已确认"))
    return redirect_back("insight.alert_page", alert_id=alert_id)


@bp.post("/alerts/<int:alert_id>/counter")
@only(roles.ANSWERS_ALERTS)
def alert_counter(alert_id: int) -> ResponseReturnValue:
    starts = clock.read_day(request.form.get("starts_on", ""))
    if starts is None:
        raise Invalid("insight_counter_refused", [Reason("insight_counter_day", {"at": "starts_on"})])
    what, owner = request.form.get("what", "")[:500], request.form.get("owner", "")[:80]
    service.counter(current_actor(), alert_id, service.Counter(what, owner, starts))
    flash_ok(_("对策已记下"))
    return redirect_back("insight.alert_page", alert_id=alert_id)


@bp.post("/alerts/<int:alert_id>/end")
@only(roles.ANSWERS_ALERTS)
def alert_end(alert_id: int) -> ResponseReturnValue:
    service.end(current_actor(), alert_id, request.form.get("reason", "")[:500])
    flash_ok(_("预警已结束"))
    return redirect_back("insight.alert_page", alert_id=alert_id)
