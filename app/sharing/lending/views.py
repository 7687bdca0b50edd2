"""Licences of patents and placements of people: asking, deciding, and the person's own page."""

from __future__ import annotations

import datetime as dt

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall.errors import Invalid
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, limiter, public, signed_in
from app.identity import door as identity
from app.sharing.catalogue import records as resource_records
from app.sharing.lending import licences as lending_licences
from app.sharing.lending import placements as lending_placements
from app.sharing.pages import bp


def _number(name: str) -> int:
    number = whole(request.form.get(name, "")) or 0
    return number if number < 100_000 else 0


def _date(name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise Invalid("placement_terms") from None


@bp.get("/lending")
@signed_in
def lending() -> ResponseReturnValue:
    """Licences and placements that my organisation has or gives."""
    actor = current_actor()
    licences, placements = lending_licences.my_licences(actor), lending_placements.my_placements(actor)
    return render_template(
        "sharing/lending/lending.html",
        licences=licences,
        placements=placements,
        resources=resource_records.resources_by_id(
            [x.resource_id for x in licences] + [x.resource_id for x in placements]
        ),
        organisations=identity.organisations_by_id(
            [x.organisation_id for x in licences] + [x.organisation_id for x in placements]
        ),
        names={p.id: lending_placements.revealed_name(actor, p) for p in placements},
    )


@bp.post("/resources/<int:resource_id>/licences")
@signed_in
def request_licence(resource_id: int) -> ResponseReturnValue:
    lending_licences.request_licence(
        current_actor(), resource_id, _number("months"), request.form.get("purpose", "")
    )
    flash_ok(_("许可申请已提交。"))
    return redirect(url_for("sharing.resource", resource_id=resource_id), 303)


@bp.post("/licences/<int:licence_id>/<any(grant, reject):answer>")
@signed_in
def decide_licence(licence_id: int, answer: str) -> ResponseReturnValue:
    row = lending_licences.decide(
        current_actor(), licence_id, answer == "grant", request.form.get("reason", "")
    )
    flash_ok(_("许可已授予。") if answer == "grant" else _("申请已拒绝。"))
    return redirect(url_for("sharing.resource", resource_id=row.resource_id), 303)


@bp.post("/licences/<int:licence_id>/terminate")
@signed_in
def terminate_licence(licence_id: int) -> ResponseReturnValue:
    row = lending_licences.terminate(current_actor(), licence_id, request.form.get("reason", ""))
    flash_ok(_("许可已终止。"))
    return redirect(url_for("sharing.resource", resource_id=row.resource_id), 303)


@bp.post("/resources/<int:resource_id>/placements")
@signed_in
def request_placement(resource_id: int) -> ResponseReturnValue:
    lending_placements.request_placement(
        current_actor(),
        resource_id,
        _date("starts_on"),
        _date("ends_on"),
        _number("days"),
        request.form.get("purpose", ""),
    )
    flash_ok(_("合作申请已提交，等待本人同意。"))
    return redirect(url_for("sharing.resource", resource_id=resource_id), 303)


@bp.post("/placements/<int:placement_id>/consent-link")
@signed_in
def make_consent_link(placement_id: int) -> ResponseReturnValue:
    """Mailed to the person; shown once, to be handed over by the employer, only where no letter reaches them."""
    secret = lending_placements.consent_link(current_actor(), placement_id)
    if not secret:
        flash_ok(_("确认链接已发到本人邮箱。"))
        return redirect(url_for("sharing.lending"), 303)
    link = url_for("sharing.consent", secret=secret, _external=True)
    return render_template("sharing/lending/consent_link.html", link=link)


@bp.post("/placements/<int:placement_id>/<any(agree, begin, end):step>")
@signed_in
def advance_placement(placement_id: int, step: str) -> ResponseReturnValue:
    actor = current_actor()
    if step == "agree":
        row = lending_placements.agree(actor, placement_id)
    elif step == "begin":
        row = lending_placements.begin(actor, placement_id)
    else:
        row = lending_placements.end(actor, placement_id, request.form.get("reason", ""))
    flash_ok(_("已更新。"))
    return redirect(url_for("sharing.resource", resource_id=row.resource_id), 303)


@bp.route("/consent/<secret>", methods=["GET", "POST"])
@public
@limiter.limit("60 per hour")
def consent(secret: str) -> ResponseReturnValue:
    """The person's own page: no sign-in, no name on it."""
    if request.method == "POST":
        lending_placements.answer(secret, request.form.get("answer") == "yes")
        return redirect(url_for("sharing.consent", secret=secret), 303)
    return render_template("sharing/lending/consent.html", found=lending_placements.find_consent(secret))
