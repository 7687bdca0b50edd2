"""The owner's desk: what waits for an answer, who comes when, what ran, what it earned."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.hall import clock
from app.hall.db.base import db
from app.hall.files import list_export
from app.hall.text.numbers import whole
from app.hall.web import bulk
from app.hall.web.answers import flash_ok, form_status, redirect_back, refusals_to
from app.hall.web.guards import current_actor, only
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles
from app.sharing.bookings import counts, lists
from app.sharing.bookings import service as booking_service
from app.sharing.bookings.models import Booking
from app.sharing.bookings.views_timeline import board_page
from app.sharing.bookings.words import STATE_NAMES
from app.sharing.calendar.park_time import aware
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Resource
from app.sharing.figures import income
from app.sharing.figures import service as figures
from app.sharing.pages import bp
from app.sharing.use import service as use_log
from app.sharing.use import settlement
from app.sharing.use.models import Usage
from app.sharing.use.schemas import OwnUseForm

TABS = ("requests", "calendar", "bookings", "usage", "income", "resources")


@bp.get("/desk")
@only(roles.OFFERS_RESOURCES)
def desk() -> ResponseReturnValue:
    """Requests first; each tab loads only what it shows."""
    tab = request.args.get("tab", "requests")
    if tab == "bookings" and list_export.wanted():
        return _bookings_file()
    return _desk(tab if tab in TABS else "requests")


def _desk(tab: str, form: OwnUseForm | None = None) -> str:
    actor = current_actor()
    query = sa.select(Resource).where(Resource.owner_id == actor.organisation_id).order_by(Resource.name)
    mine = list(db.session.scalars(query))
    equipment = [r for r in mine if r.kind == "equipment"]
    now = clock.now()
    month_start = clock.start_of_day(clock.today().replace(day=1))
    uses = figures.utilisation(equipment, month_start, now) if equipment else {}
    shown: dict[str, Any] = {}
    if tab == "calendar":
        shown = board_page([r.id for r in equipment if r.status == "listed"], "sharing.desk", tab="calendar")
    elif tab == "usage":
        shown = _usage(equipment, form)
    elif tab == "income":
        shown = {"months": income.income_by_month([r.id for r in equipment])}
    elif tab != "resources":
        shown = _bookings(tab)
    return render_template(
        "sharing/use/desk.html",
        tab=tab,
        mine=mine,
        uses=uses,
        total=figures.total_use(list(uses.values())),
        counts=counts.pending_counts(actor),
        now=now,
        **shown,
    )


def _bookings(tab: str) -> dict[str, Any]:
    sorts = {"start": Booking.start_at, "state": Booking.state, "price": Booking.price_fen}
    listing = Listing.from_request(sorts, "start", ("state",), desc=tab == "bookings")
    wanted = "requested" if tab == "requests" else listing.filters["state"]
    page = listing.page(lists.bookings_statement(current_actor(), "owner", wanted), Booking.id)
    return {
        "listing": listing,
        "page": page,
        "resources": resource_records.resources_by_id(b.resource_id for b in page.items),
        "organisations": identity.organisations_by_id(b.organisation_id for b in page.items),
        "settlements": settlement.latest_of([b.id for b in page.items]),
        "soon": clock.now() + dt.timedelta(hours=4),
    }


def _bookings_file() -> ResponseReturnValue:
    """The bookings that the filters leave, with what was owed for each."""
    sorts = {"start": Booking.start_at, "state": Booking.state, "price": Booking.price_fen}
    listing = Listing.from_request(sorts, "start", ("state",), desc=True)
    query = lists.bookings_statement(current_actor(), "owner", listing.filters["state"])
    rows = list_export.all_rows(listing, query, Booking.id)
    resources = resource_records.resources_by_id(b.resource_id for b in rows)
    firms = identity.organisations_by_id(b.organisation_id for b in rows)
    owed = settlement.latest_of([b.id for b in rows])
    heads = (_("仪器"), _("预约单位"), _("开始"), _("结束"), _("小时"), _("用途"), _("状态"), _("费用（元）"))
    lines = (
        (
            resources[b.resource_id].name,
            firms[b.organisation_id].name,
            clock.local(b.start_at).replace(tzinfo=None),
            clock.local(b.end_at).replace(tzinfo=None),
            round((b.end_at - b.start_at).total_seconds() / 3600, 2),
            b.purpose,
            str(STATE_NAMES.get(b.state, b.state)),
            (owed[b.id].amount_fen if b.id in owed else b.price_fen) / 100,
        )
        for b in rows
    )
    return list_export.answer(_("全部预约"), "bookings", heads, lines)


@bp.post("/desk/requests")
@only(roles.OFFERS_RESOURCES)
def decide_requests() -> ResponseReturnValue:
    """One answer to several requests; each is judged by itself."""
    actor, reason = current_actor(), request.form.get("reason", "")

    def act(booking_id: int) -> None:
        if request.form.get("decision") == "approve":
            booking_service.approve(actor, booking_id)
        else:
            booking_service.reject(actor, booking_id, reason)

    bulk.each(bulk.chosen(), act, lambda booking_id: _("预约 %(id)s", id=booking_id))
    return redirect_back("sharing.desk")


def _usage(equipment: list[Resource], form: OwnUseForm | None) -> dict[str, Any]:
    listing = Listing.from_request({"start": Usage.start_at}, "start", ("resource",), desc=True)
    query = use_log.usage_statement(current_actor())
    chosen = whole(listing.filters["resource"])
    if chosen is not None:
        query = query.where(Usage.resource_id == chosen)
    page = listing.page(query, Usage.id)
    form = form or OwnUseForm(formdata=None)
    form.resource.choices = [SelectChoice(r.id, r.name) for r in equipment]
    return {
        "listing": listing,
        "page": page,
        "form": form,
        "choices": [(str(r.id), r.name) for r in equipment],
        "resources": {r.id: r for r in equipment},
        "organisations": identity.organisations_by_id(u.organisation_id for u in page.items),
    }


@bp.post("/desk/usage")
@only(roles.OFFERS_RESOURCES)
def log_own_use() -> ResponseReturnValue:
    """The owner's own work at an instrument, without a booking; it counts towards utilisation."""
    actor = current_actor()
    form = OwnUseForm()
    query = sa.select(Resource).where(
        Resource.owner_id == actor.organisation_id, Resource.kind == "equipment"
    )
    form.resource.choices = [SelectChoice(r.id, r.name) for r in db.session.scalars(query)]
    if form.validate_on_submit():
        with refusals_to(form):
            use_log.log_own_use(
                actor, form.resource.data, aware(form.start.data), aware(form.end.data), form.note.data or ""
            )
            flash_ok(_("自用已登记。"))
            return redirect(url_for("sharing.desk", tab="usage"), 303)
    return _desk("usage", form), form_status(form)


@bp.post("/usages/<int:usage_id>/void")
@only(roles.OFFERS_RESOURCES)
def void_own_use(usage_id: int) -> ResponseReturnValue:
    use_log.void_own_use(current_actor(), usage_id)
    flash_ok(_("已作废，利用率不再计入。"))
    return redirect(url_for("sharing.desk", tab="usage"), 303)
