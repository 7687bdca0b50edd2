"""More an owner does: sheets in and out, maintenance plans, and a member's series of bookings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.db import db
from app.errors import Invalid
from app.sharing import service
from app.sharing.forms import SeriesForm
from app.sharing.models import Resource
from app.sharing.service import board, sheets
from app.sharing.views import bp
from app.web import current_actor, download, flash_ok, form_status, refusals_to, roles, signed_in

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OWNERS = ("enterprise_admin", "steward", "university_office", "park_admin")


@bp.get("/resources.xlsx")
@signed_in
def export_resources() -> Any:
    """The catalogue's instruments as a sheet; `mine=1` only what my organisation shares."""
    query = sa.select(Resource).where(Resource.kind == "equipment").order_by(Resource.id)
    if request.args.get("mine"):
        query = query.where(Resource.owner_id == current_actor().organisation_id)
    else:
        query = query.where(Resource.status == "listed")
    rows = list(db.session.scalars(query.limit(5000)))
    return download(service.resources_xlsx(rows), "resources.xlsx", SHEET)


@bp.route("/resources/import", methods=["GET", "POST"])
@roles(*OWNERS)
def import_resources() -> Any:
    """First a preview of every row with its problems; only a second yes lists anything."""
    actor = current_actor()
    rows: list[sheets.SheetRow] = []
    if request.method == "POST" and request.form.get("rows"):
        count = sheets.import_rows(actor, sheets.uncarried(request.form["rows"]))
        flash_ok(_("已上架 %(count)s 台设备。", count=count))
        return redirect(url_for("sharing.desk", tab="resources"), 303)
    if request.method == "POST":
        file = request.files.get("file")
        if file is None or not file.filename:
            raise Invalid("sheet_unreadable")
        rows = sheets.preview(actor, sheets.read_sheet(file.read()))
    wrong = [row for row in rows if row.problems]
    return render_template(
        "sharing/import.html",
        columns=service.SHEET_COLUMNS,
        rows=sorted(rows, key=lambda row: not row.problems),
        wrong=len(wrong),
        carried=sheets.carried(rows) if rows and not wrong else "",
    ), 422 if wrong else 200


@bp.post("/resources/<int:resource_id>/plans")
@signed_in
def add_plan(resource_id: int) -> Any:
    def whole(name: str) -> int | None:
        text = request.form.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None

    service.add_plan(
        current_actor(),
        resource_id,
        request.form.get("name", ""),
        whole("every_days"),
        whole("every_used_hours"),
        blocking=bool(request.form.get("blocking")),
    )
    flash_ok(_("维护计划已保存。"))
    return redirect(url_for("sharing.outages", resource_id=resource_id), 303)


@bp.post("/plans/<int:plan_id>/done")
@signed_in
def plan_done(plan_id: int) -> Any:
    plan = service.plan_done(current_actor(), plan_id)
    flash_ok(_("已登记完成，重新计时。"))
    return redirect(url_for("sharing.outages", resource_id=plan.resource_id), 303)


@bp.route("/bookings/series", methods=["GET", "POST"])
@signed_in
def new_series() -> Any:
    """The same hours every week; dates that do not fit are named, the rest is booked only if asked."""
    actor = current_actor()
    asked = request.args.get("resource", "")
    values = {"resource": int(asked)} if asked.isdigit() else None
    form = SeriesForm(data=values) if request.method == "GET" else SeriesForm()
    form.resource.choices = [SelectChoice(r.id, r.name) for r in board.listed_equipment()]
    if form.validate_on_submit():
        with refusals_to(form):
            start, end = form.span()
            result = service.book_series(
                actor, form.resource.data, start, end, form.weeks.data, form.purpose.data or "",
                partly=form.partly.data,
            )  # fmt: skip
            flash_ok(_("已预约 %(count)s 次。", count=len(result.bookings)))
            if result.misfits:
                flash(_("跳过 %(count)s 个有冲突的日期。", count=len(result.misfits)), "warn")
            return redirect(url_for("sharing.bookings"), 303)
    return (
        render_template("sharing/series_form.html", form=form, misfits=_misfits()),
        form_status(form),
    )


def _misfits() -> list[dict[str, Any]]:
    from flask import g

    refusal = g.get("refusal")
    found = refusal.extra.get("misfits", []) if refusal is not None else []
    return [
        m | {"start_at": dt.datetime.fromisoformat(m["start"]), "end_at": dt.datetime.fromisoformat(m["end"])}
        for m in found
    ]
