"""The owner's desk: what waits for an answer, what runs, what it earned."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import render_template, request
from flask_babel import gettext as _

from app import clock
from app.db import db
from app.identity import service as identity
from app.sharing import service
from app.sharing.models import Booking, Resource
from app.sharing.service import settling, showing
from app.sharing.views import bp
from app.web import Listing, current_actor, roles

OWNERS = ("enterprise_admin", "steward", "university_office", "park_admin")


@bp.get("/desk")
@roles(*OWNERS)
def desk() -> Any:
    """Requests first, then every booking of what we share, then our resources with their figures."""
    actor = current_actor()
    tab = request.args.get("tab", "requests")
    tab = tab if tab in ("requests", "bookings", "resources") else "requests"
    now = clock.now()
    month_start = clock.start_of_day(clock.today().replace(day=1))
    sorts = {"start": Booking.start_at, "state": Booking.state, "price": Booking.price_fen}
    listing = Listing.from_request(sorts, "start", ("state",), desc=tab == "bookings")
    query = service.bookings_statement(
        actor, "owner", "requested" if tab == "requests" else listing.filters["state"]
    )
    page = listing.page(query, Booking.id)
    mine = list(
        db.session.scalars(
            sa.select(Resource).where(Resource.owner_id == actor.organisation_id).order_by(Resource.name)
        )
    )
    equipment = [r for r in mine if r.kind == "equipment"]
    uses = service.utilisation(equipment, month_start, now) if equipment else {}
    total = service.total_use(list(uses.values()))
    counts = service.pending_counts(actor)
    return render_template(
        "sharing/desk.html",
        tab=tab,
        listing=listing,
        page=page,
        mine=mine,
        uses=uses,
        total=total,
        counts=counts,
        resources=showing.resources_by_id(b.resource_id for b in page.items),
        organisations=identity.organisations_by_id(b.organisation_id for b in page.items),
        settlements=settling.latest_of([b.id for b in page.items]),
        now=now,
        soon=now + dt.timedelta(hours=4),
        month=_("本月"),
    )
