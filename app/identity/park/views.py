"""The page of the park's own identity, and the mark itself."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import park
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only, public
from app.identity.pages import bp
from app.identity.park import service
from app.identity.park.schemas import ParkForm
from app.identity.roles import RUNS_THE_PARK

TYPES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg"}


@bp.route("/identity/park", methods=["GET", "POST"])
@only(RUNS_THE_PARK)
def park_identity() -> ResponseReturnValue:
    form = ParkForm(obj=park.kept())
    if form.validate_on_submit():
        with refusals_to(form):
            sent = request.files.get("mark")
            data = sent.read(service.LARGEST_MARK + 1) if sent and sent.filename else b""
            values = park.Kept(
                name_zh=(form.name_zh.data or "").strip(),
                name_en=(form.name_en.data or "").strip(),
                footer=(form.footer.data or "").strip(),
                contact=(form.contact.data or "").strip(),
                tax_title=(form.tax_title.data or "").strip(),
                mark_png=service.read_mark(data) if data else "",
            )
            service.set_identity(current_actor(), values, form.without_mark.data)
            flash_ok(_("园区标识已更新，页面、单据和邮件随之改变。"))
            return redirect(url_for("identity.park_identity"), 303)
    page = render_template("identity/park/park.html", form=form, has_mark=bool(park.kept().mark_png))
    return page, form_status(form)


@bp.get("/identity/mark")
@public
def mark() -> ResponseReturnValue:
    """The mark on pages; its address carries a version and may be kept for ever."""
    now = park.identity()
    answer = Response(now.mark, mimetype=TYPES[now.mark_format])
    fresh = request.args.get("v") == now.mark_version
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "no-cache"
    return answer
