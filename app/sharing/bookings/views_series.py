"""Pages of series: book many dates, give them up or move them from a day on, take in what was left out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.hall import clock
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, signed_in
from app.sharing.bookings import cancellation, series
from app.sharing.bookings.register import Order
from app.sharing.bookings.schemas import SeriesCancelForm, SeriesForm, SeriesMoveForm
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue import search
from app.sharing.pages import bp


@bp.route("/bookings/series", methods=["GET", "POST"])
@signed_in
def new_series() -> ResponseReturnValue:
    """The same hours on many days; dates that do not fit are named, the rest is booked only if asked."""
    actor = current_actor()
    asked = whole(request.args.get("resource", ""))
    values = {"resource": asked} if asked is not None else None
    form = SeriesForm(data=values) if request.method == "GET" else SeriesForm()
    form.resource.choices = [SelectChoice(r.id, r.name) for r in search.listed_equipment(actor)]
    if form.validate_on_submit():
        with refusals_to(form):
            start, end = form.span()
            result = series.book_series(
                actor,
                form.resource.data,
                start,
                end,
                _rhythm(form),
                Order(form.purpose.data or ""),
            )
            flash_ok(_("已预约 %(count)s 次。", count=len(result.bookings)))
            if result.misfits:
                flash(_("跳过 %(count)s 个有冲突的日期，以后可以补上。", count=len(result.misfits)), "warn")
            return redirect(url_for("sharing.booking_series", series_id=result.series_id), 303)
    return (
        render_template("sharing/bookings/series_form.html", form=form, misfits=_misfits()),
        form_status(form),
    )


def _rhythm(form: SeriesForm) -> series.Rhythm:
    weekdays = frozenset(form.weekdays.data or ()) if form.rhythm.data == "weekly" else frozenset()
    every = 1 if form.rhythm.data == "workdays" else form.every.data
    return series.Rhythm(form.weeks.data, every, form.partly.data, form.rhythm.data, weekdays)


def _misfits() -> list[dict[str, Any]]:
    refusal = g.get("refusal")
    found = refusal.extra.get("misfits", []) if refusal is not None else []
    return [
        m | {"start_at": dt.datetime.fromisoformat(m["start"]), "end_at": dt.datetime.fromisoformat(m["end"])}
        for m in found
    ]


@bp.get("/series/<int:series_id>")
@signed_in
def booking_series(series_id: int) -> ResponseReturnValue:
    return _series_page(series_id)


def _series_page(series_id: int, **forms: Any) -> str:
    row, bookings = series.get_series(current_actor(), series_id)
    ahead = series.ahead_from(bookings, clock.today())
    first = clock.local(ahead[0].start_at) if ahead else None
    data = {"since": first.date(), "time": first.time(), "shift": 0} if first else None
    return render_template(
        "sharing/bookings/series.html",
        row=row,
        resource=resource_records.get_resource(row.resource_id),
        bookings=[b for b in bookings if b.ended_by != "moved"],
        ahead=ahead,
        skipped=series.skipped_of(row),
        fee=sum(cancellation.fee(b) for b in ahead),
        misfits=_misfits(),
        **({"cancel_form": SeriesCancelForm(data=data), "move_form": SeriesMoveForm(data=data)} | forms),
    )


@bp.post("/series/<int:series_id>/cancel")
@signed_in
def cancel_series(series_id: int) -> ResponseReturnValue:
    form = SeriesCancelForm()
    if form.validate_on_submit():
        with refusals_to(form):
            rows = series.cancel_from(current_actor(), series_id, form.since.data, form.reason.data or "")
            flash_ok(_("已取消 %(count)s 次预约。", count=len(rows)))
            return redirect(url_for("sharing.booking_series", series_id=series_id), 303)
    return _series_page(series_id, cancel_form=form), form_status(form)


@bp.post("/series/<int:series_id>/move")
@signed_in
def move_series(series_id: int) -> ResponseReturnValue:
    form = SeriesMoveForm()
    if form.validate_on_submit():
        with refusals_to(form):
            rows = series.move_from(
                current_actor(), series_id, form.since.data, form.time.data, form.shift.data
            )
            flash_ok(_("已改期 %(count)s 次预约。", count=len(rows)))
            return redirect(url_for("sharing.booking_series", series_id=series_id), 303)
    return _series_page(series_id, move_form=form), form_status(form)


@bp.post("/series/<int:series_id>/take-in")
@signed_in
def fill_series(series_id: int) -> ResponseReturnValue:
    result = series.take_in(current_actor(), series_id)
    flash_ok(
        _(
            "补上了 %(count)s 个日期，%(left)s 个仍有冲突。",
            count=len(result.bookings),
            left=len(result.misfits),
        )
    )
    return redirect(url_for("sharing.booking_series", series_id=series_id), 303)
