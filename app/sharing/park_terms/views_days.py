"""The page that reads a notice or a calendar file: first what would change, then the change."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall.errors import Invalid
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, only
from app.identity import door as identity
from app.identity.door import DayRow, roles
from app.sharing.pages import bp
from app.sharing.park_terms import days

LARGEST_FILE = 1024 * 1024


@bp.route("/terms/days", methods=["GET", "POST"])
@only(roles.SETS_SHARING_TERMS)
def import_days() -> ResponseReturnValue:
    """A notice's text, lines of days or an .ics file become rows; only a second yes writes them."""
    text, rows = request.form.get("text", ""), []
    if request.method == "POST":
        rows = _rows(text)
        text = identity.day_lines(rows)
        if "apply" in request.form:
            closed, opened = days.take_over(current_actor(), rows)
            flash_ok(_("已导入：%(closed)s 天休息，%(opened)s 天补班。", closed=closed, opened=opened))
            return redirect(url_for("sharing.park_terms"), 303)
    return render_template(
        "sharing/park_terms/days.html",
        text=text,
        year=request.form.get("year", ""),
        rows=rows,
        years=days.shipped_years(),
    )


def _rows(text: str) -> list[DayRow]:
    file = request.files.get("file")
    if file is not None and file.filename:
        data = file.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise Invalid("calendar_file", at="file")
        return identity.read_calendar_file(data)
    return identity.read_notice(text, whole(request.form.get("year", "")))


@bp.post("/terms/days/shipped")
@only(roles.SETS_SHARING_TERMS)
def take_over_shipped_days() -> ResponseReturnValue:
    closed, opened = days.take_over_shipped(current_actor(), whole(request.form.get("year", "")) or 0)
    flash_ok(_("已导入：%(closed)s 天休息，%(opened)s 天补班。", closed=closed, opened=opened))
    return redirect(url_for("sharing.park_terms"), 303)
