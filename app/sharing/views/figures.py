"""Reports, statements, calendar feeds, and the page behind the QR code on an instrument."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from flask import Response, render_template, request, url_for
from flask import redirect as to
from flask_babel import gettext as _

from app import clock
from app.errors import NotFound
from app.identity import service as identity
from app.sharing import service
from app.sharing.service import access, board, heat, sheets, showing, using
from app.sharing.views import bp
from app.web import current_actor, download, flash_ok, public, signed_in

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _period() -> tuple[dt.date, dt.date]:
    """First and last day asked for; by default the last 52 whole weeks."""
    monday = clock.today() - dt.timedelta(days=clock.today().weekday())
    first, last = monday - dt.timedelta(weeks=52), monday - dt.timedelta(days=1)
    try:
        first = dt.date.fromisoformat(request.args["from"])
        last = dt.date.fromisoformat(request.args["to"])
    except (KeyError, ValueError):
        pass
    if not dt.date(2000, 1, 1) <= first <= last <= dt.date(2200, 1, 1) or (last - first).days > 1100:
        first, last = monday - dt.timedelta(weeks=52), monday - dt.timedelta(days=1)
    return first, last


@bp.get("/utilisation")
@signed_in
def utilisation() -> Any:
    """Own and shared hours of what could be used, per instrument and in all, and when the demand is."""
    actor = current_actor()
    first, last = _period()
    start, end = clock.start_of_day(first), clock.start_of_day(last + dt.timedelta(days=1))
    resources = service.visible_resources(actor)
    uses = service.utilisation(resources, start, end)
    total = service.total_use(list(uses.values()))
    before = service.total_use(list(service.utilisation(resources, start - (end - start), start).values()))
    refused = service.demand_for(actor, start, clock.now())
    return render_template(
        "sharing/utilisation.html",
        first=first,
        last=last,
        resources=resources,
        uses=uses,
        total=total,
        change=_change(before, total),
        owners=identity.organisations_by_id(r.owner_id for r in resources),
        heat=heat.hours([r.id for r in resources], start, end),
        refused=refused,
        everything=actor.has(*access.READERS),
    )


def _change(before: service.Use, now: service.Use) -> tuple[float, float | None] | None:
    """From the same stretch of days before: points, and relative to what it was."""
    if before.ratio is None or now.ratio is None:
        return None
    relative = now.ratio / before.ratio - 1 if before.ratio else None
    return 100 * (now.ratio - before.ratio), relative


@bp.get("/utilisation.xlsx")
@signed_in
def utilisation_file() -> Any:
    """The same figures as a sheet, numerators and denominators in their own columns."""
    first, last = _period()
    start, end = clock.start_of_day(first), clock.start_of_day(last + dt.timedelta(days=1))
    resources = service.visible_resources(current_actor())
    data = sheets.utilisation_xlsx(resources, service.utilisation(resources, start, end), first, last)
    return download(data, f"utilisation-{first}-{last}.xlsx", SHEET)


@bp.get("/statements")
@signed_in
def statements() -> Any:
    actor = current_actor()
    side = "owner" if request.args.get("side") == "owner" else "user"
    month = service.month_of(request.args.get("month", ""))
    return render_template(
        "sharing/statements.html",
        found=service.statement(actor.organisation_id, side, month),
        side=side,
        month=month,
        previous=(month - dt.timedelta(days=1)).replace(day=1),
        following=service.next_month(month),
        vouchers=service.vouchers_of(actor.organisation_id),
    )


@bp.get("/statements/<any(pdf, xlsx):kind>")
@signed_in
def statement_file(kind: str) -> Any:
    actor = current_actor()
    side = "owner" if request.args.get("side") == "owner" else "user"
    month = service.month_of(request.args.get("month", ""))
    found = service.statement(actor.organisation_id, side, month, request.args.get("with", "")[:40])
    if kind == "pdf":
        return download(service.statement_pdf(found), f"{found.number}.pdf", "application/pdf")
    return download(service.statement_xlsx(found), f"{found.number}.xlsx", SHEET)


@bp.route("/feeds", methods=["GET", "POST"])
@signed_in
def feeds() -> Any:
    """Secret calendar addresses: make one, see it once, revoke it."""
    actor = current_actor()
    link = ""
    if request.method == "POST":
        text = request.form.get("resource", "")
        secret = service.create_feed(actor, int(text) if text.isascii() and text.isdigit() else None)
        link = url_for("sharing.feed", secret=secret, _external=True)
    rows = service.list_feeds(actor)
    mine = [r for r in service.visible_resources(actor) if access.runs(actor, r.owner_id)]
    return render_template(
        "sharing/feeds.html",
        feeds=rows,
        link=link,
        mine=mine,
        resources=showing.resources_by_id(f.resource_id for f in rows if f.resource_id),
    )


@bp.post("/feeds/<int:feed_id>/revoke")
@signed_in
def revoke_feed(feed_id: int) -> Any:
    service.revoke_feed(current_actor(), feed_id)
    flash_ok(_("订阅地址已失效。"))
    return to(url_for("sharing.feeds"), 303)


@bp.get("/feeds/<secret>.ics")
@public
def feed(secret: str) -> Any:
    """What a calendar program fetches; the secret in the address is the key."""
    answer = Response(service.feed_ical(secret, request.host_url.rstrip("/")), mimetype="text/calendar")
    answer.headers.set("Content-Disposition", "inline", filename="parklink.ics")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


@bp.get("/resources/<int:resource_id>/qr.svg")
@signed_in
def qr(resource_id: int) -> Any:
    import segno

    service.get_resource(resource_id)
    out = io.BytesIO()
    code = segno.make(url_for("sharing.today_at", resource_id=resource_id, _external=True), error="m")
    code.save(out, kind="svg", scale=4, border=2, light="#fff", xmldecl=False, svgns=True)
    return Response(out.getvalue(), mimetype="image/svg+xml")


@bp.get("/resources/<int:resource_id>/label")
@signed_in
def label(resource_id: int) -> Any:
    """A sticker for the instrument: its name and the code, ready to print."""
    row = service.get_resource(resource_id)
    if row.kind != "equipment":
        raise NotFound("resource_not_found")
    return render_template(
        "sharing/label.html",
        row=row,
        owner=identity.get_organisation(row.owner_id),
        units=showing.units_of(row.id),
    )


@bp.get("/resources/<int:resource_id>/today")
@signed_in
def today_at(resource_id: int) -> Any:
    """Behind the QR code: today at this instrument, and the button to start or stop one's own use."""
    actor = current_actor()
    row = service.get_resource(resource_id)
    start = clock.start_of_day(clock.today())
    rows = service.bookings_between(
        [row.id],
        start,
        start + dt.timedelta(days=1),
        ("requested", "confirmed", "in_use", "completed", "settled"),
    )
    runs = access.runs(actor, row.owner_id)
    return render_template(
        "sharing/today.html",
        row=row,
        card=board.day_cards(actor, [row], clock.today())[0],
        bookings=[b for b in rows if b.source != "offer"],
        visible={b.id for b in rows if access.sees_holder(actor, b, row.owner_id)},
        usable={b.id for b in rows if runs or access.holds(actor, b)},
        organisations=identity.organisations_by_id(b.organisation_id for b in rows),
        now=clock.now(),
        early=using.EARLY,
    )
