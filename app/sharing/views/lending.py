"""Licences of patents and placements of people: asking, deciding, and the person's own page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.errors import Invalid
from app.identity import service as identity
from app.sharing import service
from app.sharing.service import showing
from app.sharing.views import bp
from app.web import current_actor, flash_ok, limiter, public, signed_in


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _date(name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise Invalid("placement_terms") from None


@bp.get("/lending")
@signed_in
def lending() -> Any:
    """Licences and placements that my organisation has or gives."""
    actor = current_actor()
    licences, placements = service.my_licences(actor), service.my_placements(actor)
    return render_template(
        "sharing/lending.html",
        licences=licences,
        placements=placements,
        resources=showing.resources_by_id(
            [x.resource_id for x in licences] + [x.resource_id for x in placements]
        ),
        organisations=identity.organisations_by_id(
            [x.organisation_id for x in licences] + [x.organisation_id for x in placements]
        ),
        names={p.id: service.revealed_name(actor, p) for p in placements},
    )


@bp.post("/resources/<int:resource_id>/licences")
@signed_in
def request_licence(resource_id: int) -> Any:
    service.request_licence(current_actor(), resource_id, _number("months"), request.form.get("purpose", ""))
    flash_ok(_("许可申请已提交。"))
    return redirect(url_for("sharing.resource", resource_id=resource_id), 303)


@bp.post("/licences/<int:licence_id>/<any(grant, reject):answer>")
@signed_in
def decide_licence(licence_id: int, answer: str) -> Any:
    row = service.decide_licence(
        current_actor(), licence_id, answer == "grant", request.form.get("reason", "")
    )
    flash_ok(_("许可已授予。") if answer == "grant" else _("申请已拒绝。"))
    return redirect(url_for("sharing.resource", resource_id=row.resource_id), 303)


@bp.post("/licences/<int:licence_id>/terminate")
@signed_in
def terminate_licence(licence_id: int) -> Any:
    row = service.terminate_licence(current_actor(), licence_id, request.form.get("reason", ""))
    flash_ok(_("许可已终止。"))
    return redirect(url_for("sharing.resource", resource_id=row.resource_id), 303)


@bp.post("/resources/<int:resource_id>/placements")
@signed_in
def request_placement(resource_id: int) -> Any:
    service.request_placement(
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
def make_consent_link(placement_id: int) -> Any:
    """Shown once, to be handed to the person by the employer."""
    secret = service.consent_link(current_actor(), placement_id)
    link = url_for("sharing.consent", secret=secret, _external=True)
    return render_template("sharing/consent_link.html", link=link)


@bp.post("/placements/<int:placement_id>/<any(agree, begin, end):step>")
@signed_in
def advance_placement(placement_id: int, step: str) -> Any:
    actor = current_actor()
    if step == "agree":
        row = service.agree_placement(actor, placement_id)
    elif step == "begin":
        row = service.begin_placement(actor, placement_id)
    else:
        row = service.end_placement(actor, placement_id, request.form.get("reason", ""))
    flash_ok(_("已更新。"))
    return redirect(url_for("sharing.resource", resource_id=row.resource_id), 303)


@bp.route("/consent/<secret>", methods=["GET", "POST"])
@public
@limiter.limit("60 per hour")
def consent(secret: str) -> Any:
    """The person's own page: no sign-in, no name on it."""
    if request.method == "POST":
        service.answer_placement(secret, request.form.get("answer") == "yes")
        return redirect(url_for("sharing.consent", secret=secret), 303)
    return render_template("sharing/consent.html", found=service.find_consent(secret))
