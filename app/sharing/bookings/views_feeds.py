"""Pages of calendar feeds, and the feeds themselves."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from flask import redirect as to
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall.text.numbers import whole
from app.hall.web.answers import download, flash_ok
from app.hall.web.guards import current_actor, public, signed_in
from app.sharing import access
from app.sharing.bookings import feeds as bookings_feeds
from app.sharing.bookings import records as booking_records
from app.sharing.catalogue import records as resource_records
from app.sharing.figures import service as figures
from app.sharing.pages import bp


@bp.route("/feeds", methods=["GET", "POST"])
@signed_in
def feeds() -> ResponseReturnValue:
    """Secret calendar addresses: make one, see it once, revoke it."""
    actor = current_actor()
    link = ""
    if request.method == "POST":
        secret = bookings_feeds.create_feed(actor, whole(request.form.get("resource", "")))
        link = url_for("sharing.feed", secret=secret, _external=True)
    rows = bookings_feeds.list_feeds(actor)
    mine = [r for r in figures.visible_resources(actor) if access.runs(actor, r.owner_id)]
    return render_template(
        "sharing/bookings/feeds.html",
        feeds=rows,
        link=link,
        mine=mine,
        resources=resource_records.resources_by_id(f.resource_id for f in rows if f.resource_id),
    )


@bp.post("/feeds/<int:feed_id>/revoke")
@signed_in
def revoke_feed(feed_id: int) -> ResponseReturnValue:
    bookings_feeds.revoke_feed(current_actor(), feed_id)
    flash_ok(_("订阅地址已失效。"))
    return to(url_for("sharing.feeds"), 303)


@bp.get("/bookings/<int:booking_id>.ics")
@signed_in
def booking_calendar(booking_id: int) -> ResponseReturnValue:
    """One booking for the calendar of whoever may see it."""
    row, resource = booking_records.view_booking(current_actor(), booking_id)
    found = bookings_feeds.booking_ical(row, resource, request.host_url.rstrip("/"))
    return download(found, f"parklink-{row.id}.ics", "text/calendar")


@bp.get("/feeds/<secret>.ics")
@public
def feed(secret: str) -> ResponseReturnValue:
    """What a calendar program fetches; the secret in the address is the key."""
    answer = Response(
        bookings_feeds.feed_ical(secret, request.host_url.rstrip("/")), mimetype="text/calendar"
    )
    answer.headers.set("Content-Disposition", "inline", filename="parklink.ics")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer
