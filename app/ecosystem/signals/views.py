"""Signals: complaints, visit remarks, surveys and refused bookings as evidence."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ecosystem import sight
from app.ecosystem.choices import organisations, segments
from app.ecosystem.market import rules as market_rules
from app.ecosystem.pages import bp
from app.ecosystem.schemas import choices
from app.ecosystem.signals import complaints, service
from app.ecosystem.signals.models import Signal
from app.ecosystem.signals.rules import Heard
from app.ecosystem.signals.schemas import SignalForm
from app.ecosystem.signals.sources import origins
from app.ecosystem.signals.words import SIGNAL_KINDS, TYPED_KINDS
from app.hall import clock
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, signed_in
from app.hall.web.listing import Listing
from app.identity.door import roles

SORTS = {"day": Signal.occurred_on}


@bp.get("/signals")
@signed_in
def signals_page() -> ResponseReturnValue:
    actor = current_actor()
    listing = Listing.from_request(SORTS, "day", ("kind", "tag", "segment"), desc=True)
    f = listing.filters
    query = service.query(actor, kind=f["kind"], q=listing.q, tag=f["tag"], segment=f["segment"])
    page = listing.page(query, Signal.id.desc())
    return render_template(
        "ecosystem/signals/signals.html",
        listing=listing,
        page=page,
        tags=service.tags_of(r.id for r in page.items),
        who=sight.organisations(r.organisation_id for r in page.items),
        about=service.abouts(actor, page.items),
        origins=origins(actor, (r.source for r in page.items)),
        complain=None if sight.is_matchmaker(actor) else complaints.page_of_complaints(None),
        segments=segments()[1:],
        kinds=list(SIGNAL_KINDS.items()),
        can_write=actor.may(roles.WRITES_POSTS),
    )


@bp.route("/signals/new", methods=["GET", "POST"])
@signed_in
def new_signal() -> ResponseReturnValue:
    actor = current_actor()
    sight.must_write(actor)
    staff = sight.is_matchmaker(actor)
    if (
        not staff
        and request.method == "GET"
        and (there := complaints.page_of_complaints(_number("resource")))
    ):
        return redirect(there, 302)  # the old address: who complains reports a problem now, and is answered
    form = SignalForm()
    kinds = (
        [k for k in SIGNAL_KINDS.items() if k[0] in TYPED_KINDS]
        if staff
        else [("complaint", SIGNAL_KINDS["complaint"])]
    )
    form.kind.choices = choices(kinds)
    form.segment.choices = choices(segments())
    need = _number("need")
    resource = _number("resource")
    about = service.about(actor, need, resource)
    form.organisation_id.choices = choices([(0, "—"), *organisations()] if staff else [(0, "—")])
    if form.validate_on_submit():
        with refusals_to(form):
            complaints.record(
                actor,
                Heard(
                    kind=form.kind.data,
                    text=form.text.data,
                    organisation_id=form.organisation_id.data or None,
                    segment=form.segment.data or None,
                    post_id=need,
                    resource_id=resource,
                    tags=market_rules.split_tags(form.tags.data or ""),
                    occurred_on=form.occurred_on.data,
                ),
            )
            flash_ok(_("已记录，将计入议程证据。"))
            return redirect(url_for("ecosystem.signals_page"), 303)
    elif request.method == "GET":
        form.occurred_on.data = clock.today()
    return (
        render_template("ecosystem/signals/signal_form.html", form=form, staff=staff, about=about),
        form_status(form),
    )


def _number(name: str) -> int | None:
    return whole(request.args.get(name))
