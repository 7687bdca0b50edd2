"""The label of an instrument, and the page behind its QR code."""

from __future__ import annotations

import datetime as dt

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from app.hall import clock
from app.hall.errors import NotFound
from app.hall.files.qr import drawing
from app.hall.web.guards import current_actor, signed_in
from app.identity import door as identity
from app.sharing import access
from app.sharing.bookings import board, lists
from app.sharing.catalogue import records as resource_records
from app.sharing.pages import bp
from app.sharing.use import service as use_log


@bp.get("/resources/<int:resource_id>/qr.svg")
@signed_in
def qr(resource_id: int) -> ResponseReturnValue:
    resource_records.get_found(current_actor(), resource_id)
    address = url_for("sharing.today_at", resource_id=resource_id, _external=True)
    return Response(drawing(address), mimetype="image/svg+xml")


@bp.get("/resources/<int:resource_id>/label")
@signed_in
def label(resource_id: int) -> ResponseReturnValue:
    """A sticker for the instrument: its name and the code, ready to print."""
    row = resource_records.get_found(current_actor(), resource_id)
    if row.kind != "equipment":
        raise NotFound("resource_not_found")
    return render_template(
        "sharing/use/label.html",
        row=row,
        owner=identity.get_organisation(row.owner_id),
        units=resource_records.units_of(row.id),
    )


@bp.get("/resources/<int:resource_id>/today")
@signed_in
def today_at(resource_id: int) -> ResponseReturnValue:
    """Behind the QR code: today at this instrument, and the button to start or stop one's own use."""
    actor = current_actor()
    row = resource_records.get_found(current_actor(), resource_id)
    start = clock.start_of_day(clock.today())
    rows = lists.bookings_between(
        [row.id],
        start,
        start + dt.timedelta(days=1),
        ("requested", "confirmed", "in_use", "completed", "settled"),
    )
    runs = access.runs(actor, row.owner_id)
    return render_template(
        "sharing/use/today.html",
        row=row,
        card=board.day_cards(actor, [row], clock.today())[0],
        bookings=[b for b in rows if b.source != "offer"],
        visible={b.id for b in rows if access.sees_holder(actor, b, row.owner_id)},
        usable={b.id for b in rows if runs or access.holds(actor, b)},
        organisations=identity.organisations_by_id(b.organisation_id for b in rows),
        now=clock.now(),
        early=use_log.EARLY,
    )
