"""Signals: complaints, visit remarks, surveys and refused bookings as evidence."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.ecosystem.forms import SignalForm, choices
from app.ecosystem.messages import SIGNAL_KINDS
from app.ecosystem.models import Signal
from app.ecosystem.service import posts, sight, signals
from app.ecosystem.views import bp
from app.ecosystem.views.choices import organisations, segments
from app.web import Listing, current_actor, flash_ok, form_status, refusals_to, signed_in

SORTS = {"day": Signal.occurred_on}


@bp.get("/signals")
@signed_in
def signals_page() -> Any:
    actor = current_actor()
    listing = Listing.from_request(SORTS, "day", ("kind", "tag", "segment"), desc=True)
    f = listing.filters
    query = signals.query(actor, kind=f["kind"], q=listing.q, tag=f["tag"], segment=f["segment"])
    page = listing.page(query, Signal.id.desc())
    return render_template(
        "ecosystem/signals.html",
        listing=listing,
        page=page,
        tags=signals.tags_of(r.id for r in page.items),
        who=sight.organisations(r.organisation_id for r in page.items),
        about=signals.abouts(actor, page.items),
        segments=segments()[1:],
        kinds=list(SIGNAL_KINDS.items()),
        can_write=actor.has(*sight.WRITERS),
    )


@bp.route("/signals/new", methods=["GET", "POST"])
@signed_in
def new_signal() -> Any:
    actor = current_actor()
    sight.must_write(actor)
    staff = sight.is_matchmaker(actor)
    form = SignalForm()
    kinds = (
        [k for k in SIGNAL_KINDS.items() if k[0] != "refused_booking"]
        if staff
        else [("complaint", SIGNAL_KINDS["complaint"])]
    )
    form.kind.choices = choices(kinds)
    form.segment.choices = choices(segments())
    need = _number("need")
    resource = _number("resource")
    about = signals.about(actor, need, resource)
    form.organisation_id.choices = choices([(0, "—"), *organisations()] if staff else [(0, "—")])
    if form.validate_on_submit():
        with refusals_to(form):
            signals.record_signal(
                actor,
                kind=form.kind.data,
                text=form.text.data,
                organisation_id=form.organisation_id.data or None,
                segment=form.segment.data or None,
                post_id=need,
                resource_id=resource,
                tags=posts.split_tags(form.tags.data or ""),
                occurred_on=form.occurred_on.data,
            )
            flash_ok(_("已记录，将计入议程证据。"))
            return redirect(url_for("ecosystem.signals_page"), 303)
    elif request.method == "GET":
        form.occurred_on.data = clock.today()
    return (
        render_template("ecosystem/signal_form.html", form=form, staff=staff, about=about),
        form_status(form),
    )


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 16 else None
