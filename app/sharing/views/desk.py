"""The owner's desk: what waits for an answer, who comes when, what ran, what it earned."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app import clock
from app.db import db
from app.identity import service as identity
from app.sharing import service
from app.sharing.forms import OwnUseForm, aware
from app.sharing.models import Booking, Resource, Usage
from app.sharing.service import owning, settling, showing
from app.sharing.views import bp
from app.sharing.views.timeline import board_page
from app.web import Listing, current_actor, flash_ok, form_status, refusals_to, roles

OWNERS = ("enterprise_admin", "steward", "university_office", "park_admin")
TABS = ("requests", "calendar", "bookings", "usage", "income", "resources")


@bp.get("/desk")
@roles(*OWNERS)
def desk() -> Any:
    """Requests first; each tab loads only what it shows."""
    tab = request.args.get("tab", "requests")
    return _desk(tab if tab in TABS else "requests")


def _desk(tab: str, form: OwnUseForm | None = None) -> str:
    actor = current_actor()
    query = sa.select(Resource).where(Resource.owner_id == actor.organisation_id).order_by(Resource.name)
    mine = list(db.session.scalars(query))
    equipment = [r for r in mine if r.kind == "equipment"]
    now = clock.now()
    month_start = clock.start_of_day(clock.today().replace(day=1))
    uses = service.utilisation(equipment, month_start, now) if equipment else {}
    shown: dict[str, Any] = {}
    if tab == "calendar":
        shown = board_page([r for r in equipment if r.status == "listed"], "sharing.desk", tab="calendar")
    elif tab == "usage":
        shown = _usage(equipment, form)
    elif tab == "income":
        shown = {"months": owning.income_by_month([r.id for r in equipment])}
    elif tab != "resources":
        shown = _bookings(tab)
    return render_template(
        "sharing/desk.html",
        tab=tab,
        mine=mine,
        uses=uses,
        total=service.total_use(list(uses.values())),
        counts=service.pending_counts(actor),
        now=now,
        **shown,
    )


def _bookings(tab: str) -> dict[str, Any]:
    sorts = {"start": Booking.start_at, "state": Booking.state, "price": Booking.price_fen}
    listing = Listing.from_request(sorts, "start", ("state",), desc=tab == "bookings")
    wanted = "requested" if tab == "requests" else listing.filters["state"]
    page = listing.page(service.bookings_statement(current_actor(), "owner", wanted), Booking.id)
    return {
        "listing": listing,
        "page": page,
        "resources": showing.resources_by_id(b.resource_id for b in page.items),
        "organisations": identity.organisations_by_id(b.organisation_id for b in page.items),
        "settlements": settling.latest_of([b.id for b in page.items]),
        "soon": clock.now() + dt.timedelta(hours=4),
    }


def _usage(equipment: list[Resource], form: OwnUseForm | None) -> dict[str, Any]:
    listing = Listing.from_request({"start": Usage.start_at}, "start", ("resource",), desc=True)
    query = owning.usage_statement(current_actor())
    chosen = listing.filters["resource"]
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 10:
        query = query.where(Usage.resource_id == int(chosen))
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
@roles(*OWNERS)
def log_own_use() -> Any:
    """The owner's own work at an instrument, without a booking; it counts towards utilisation."""
    actor = current_actor()
    form = OwnUseForm()
    query = sa.select(Resource).where(
        Resource.owner_id == actor.organisation_id, Resource.kind == "equipment"
    )
    form.resource.choices = [SelectChoice(r.id, r.name) for r in db.session.scalars(query)]
    if form.validate_on_submit():
        with refusals_to(form):
            service.log_own_use(
                actor, form.resource.data, aware(form.start.data), aware(form.end.data), form.note.data or ""
            )
            flash_ok(_("自用已登记。"))
            return redirect(url_for("sharing.desk", tab="usage"), 303)
    return _desk("usage", form), form_status(form)


@bp.post("/usages/<int:usage_id>/void")
@roles(*OWNERS)
def void_own_use(usage_id: int) -> Any:
    owning.void_own_use(current_actor(), usage_id)
    flash_ok(_("已作废，利用率不再计入。"))
    return redirect(url_for("sharing.desk", tab="usage"), 303)
