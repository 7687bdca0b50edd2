"""The page of places with labels, and the labels of a building as one PDF."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall.errors import Refusal
from app.hall.text.numbers import whole
from app.hall.web.answers import download, flash_ok, sentences
from app.hall.web.guards import current_actor, only
from app.identity import door as identity
from app.identity.door import roles
from app.problems.pages import bp
from app.problems.places import service
from app.problems.places.paper import labels


@bp.route("/problems/places", methods=["GET", "POST"])
@only(roles.SEES_PLACE_LABELS)
def places_page() -> ResponseReturnValue:
    """Places with a label; a form adds one."""
    reasons: list[str] = []
    status = 200
    if request.method == "POST":
        form = request.form
        try:
            building = whole(form.get("building", "")) or 0
            room = whole(form.get("room", ""))
            service.add(current_actor(), building, room, form.get("spot", ""), form.get("spot_en", "")[:60])
        except Refusal as refusal:
            reasons, status = sentences(refusal), refusal.status
        else:
            flash_ok(_("位置已登记，可以打印标签。"))
            return redirect(url_for("problems.places_page"), 303)
    page = render_template(
        "problems/places/places.html",
        buildings=identity.list_buildings(),
        rooms=identity.list_rooms(),
        places=service.list_places(),
        name_of=service.name_of,
        reasons=reasons,
        tab="places",
    )
    return page, status


@bp.post("/problems/places/<int:place_id>/renew")
@only(roles.PRINTS_PLACE_LABELS)
def renew_place(place_id: int) -> ResponseReturnValue:
    service.renew(current_actor(), place_id)
    flash_ok(_("旧标签已失效，请重新打印。"))
    return redirect(url_for("problems.places_page"), 303)


@bp.get("/problems/places/labels.pdf")
@only(roles.SEES_PLACE_LABELS)
def labels_pdf() -> ResponseReturnValue:
    """Labels of a whole building, or of all, as one file."""
    rows = service.list_places(whole(request.args.get("building", "")))
    made = labels(
        [
            (service.name_of(row), url_for("problems.report_at", code=service.code_of(row), _external=True))
            for row in rows
        ]
    )
    return download(made, f"{_('现场标签')}.pdf", "application/pdf")
