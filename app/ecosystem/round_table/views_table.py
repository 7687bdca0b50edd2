"""Pages of a meeting before and after: moved, arranged, attended, and its minutes as a paper."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ecosystem.committee import service as committee
from app.ecosystem.pages import bp
from app.ecosystem.round_table import arranging, papers, queries
from app.ecosystem.schemas import AppointmentForm
from app.hall import clock
from app.hall.web.answers import download, flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only, signed_in
from app.identity.door import roles

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.route("/committee/meetings/<int:meeting_id>/move", methods=["GET", "POST"])
@only(roles.RUNS_COMMITTEE)
def move_meeting(meeting_id: int) -> ResponseReturnValue:
    row = queries.get_meeting(meeting_id)
    form = AppointmentForm()
    if form.validate_on_submit():
        with refusals_to(form):
            starts, ends = (f.data.replace(tzinfo=clock.ZONE) for f in (form.starts_at, form.ends_at))
            arranging.move_meeting(current_actor(), meeting_id, starts, ends, form.place.data or "")
            flash_ok(_("会议已改期，席位已收到通知；重新导入日历即更新原来的一项。"))
            return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id), 303)
    elif request.method == "GET":
        form.starts_at.data = clock.local(row.starts_at).replace(tzinfo=None)
        form.ends_at.data = clock.local(row.ends_at).replace(tzinfo=None)
        form.place.data = row.place
    return render_template("ecosystem/round_table/move_form.html", form=form, row=row), form_status(form)


@bp.post("/committee/meetings/<int:meeting_id>/items/<int:item_id>/<any(up, down, drop, merge):step>")
@only(roles.RUNS_COMMITTEE)
def arrange_item(meeting_id: int, item_id: int, step: str) -> ResponseReturnValue:
    if step == "drop":
        arranging.drop_item(current_actor(), meeting_id, item_id)
        flash_ok(_("议题已移出本次会议。"))
        return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id), 303)
    if step == "merge":
        arranging.merge_item(current_actor(), meeting_id, item_id)
        flash_ok(_("议题已并入上一题。"))
        return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id), 303)
    arranging.place_item(current_actor(), meeting_id, item_id, up=step == "up")
    return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id, _anchor=f"item-{item_id}"), 303)


@bp.post("/committee/meetings/<int:meeting_id>/attendance")
@only(roles.RUNS_COMMITTEE)
def note_attendance(meeting_id: int) -> ResponseReturnValue:
    seats = committee.seats(committee.get_committee().id)
    said = {seat.id: request.form.get(f"came_{seat.id}", "") for seat in seats}
    arranging.note_attendance(current_actor(), meeting_id, said)
    flash_ok(_("出席情况已保存。"))
    return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id), 303)


@bp.get("/committee/meetings/<int:meeting_id>/minutes.<any(pdf, docx):kind>")
@signed_in
def minutes_file(meeting_id: int, kind: str) -> ResponseReturnValue:
    found = papers.gather(current_actor(), meeting_id)
    name = f"round-table-{found.row.number}.{kind}"
    if kind == "pdf":
        return download(papers.minutes_pdf(found), name, "application/pdf")
    return download(papers.minutes_docx(found), name, WORD)
