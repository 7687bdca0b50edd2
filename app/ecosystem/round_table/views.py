"""The round table: meetings, the computed agenda, votes and resolutions."""

from __future__ import annotations

import datetime as dt

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ecosystem import sight
from app.ecosystem.choices import organisations
from app.ecosystem.committee import service as committee
from app.ecosystem.pages import bp
from app.ecosystem.round_table import bringing, queries, service, words
from app.ecosystem.round_table.arranging import attendance_of
from app.ecosystem.round_table.models import AgendaItem, Resolution
from app.ecosystem.round_table.schemas import ResolutionForm
from app.ecosystem.round_table.sight import reader_of
from app.ecosystem.schemas import AppointmentForm, choices
from app.hall import clock
from app.hall.errors import Invalid
from app.hall.text.numbers import whole
from app.hall.web.answers import download, flash_ok, form_status, redirect_back, refusals_to
from app.hall.web.guards import current_actor, only, signed_in
from app.identity.door import roles


@bp.route("/committee/meetings/new", methods=["GET", "POST"])
@only(roles.RUNS_COMMITTEE)
def new_meeting() -> ResponseReturnValue:
    form = AppointmentForm()
    if form.validate_on_submit():
        with refusals_to(form):
            starts, ends = (f.data.replace(tzinfo=clock.ZONE) for f in (form.starts_at, form.ends_at))
            row = service.call(current_actor(), starts, ends, form.place.data or "")
            flash_ok(_("会议已召集，议程已由数据生成。"))
            return redirect(url_for("ecosystem.meeting", meeting_id=row.id), 303)
    elif request.method == "GET":
        day = clock.today() + dt.timedelta(days=7)
        form.starts_at.data = dt.datetime.combine(day, dt.time(14))
        form.ends_at.data = dt.datetime.combine(day, dt.time(16))
    return render_template("ecosystem/round_table/meeting_form.html", form=form), form_status(form)


@bp.get("/committee/meetings/<int:meeting_id>")
@signed_in
def meeting(meeting_id: int) -> ResponseReturnValue:
    return _meeting(meeting_id)


@bp.get("/committee/meetings/<int:meeting_id>.ics")
@signed_in
def meeting_calendar(meeting_id: int) -> ResponseReturnValue:
    return download(queries.calendar(meeting_id), f"committee-meeting-{meeting_id}.ics", "text/calendar")


@bp.get("/committee/meetings/<int:meeting_id>/together")
@signed_in
def meeting_together(meeting_id: int) -> ResponseReturnValue:
    """The second half of the agenda: what could answer its subjects."""
    row, reader = queries.get_meeting(meeting_id), reader_of(current_actor())
    return render_template(
        "ecosystem/round_table/together.html",
        row=row,
        subjects=bringing.lines_of(reader, row.id),
        reader=reader,
    )


def _meeting(
    meeting_id: int, form: ResolutionForm | None = None, item_id: int | None = None
) -> ResponseReturnValue:
    actor = current_actor()
    row = queries.get_meeting(meeting_id)
    board = committee.get_committee()
    seats = committee.seats(board.id)
    items = queries.items(row.id)
    votes, entered = queries.votes_and_entered(row.id)
    resolved = queries.resolutions_of([i.id for i in items])
    owners = {r.owner_id for rows in resolved.values() for r in rows}
    fresh = form or ResolutionForm(formdata=None)
    fresh.owner_id.choices = choices(organisations())
    tallies = {i.id: queries.tally_of(board, i, votes.get(i.id, {}), len(seats)) for i in items}
    my_seat = next((s for s in seats if s.organisation_id == actor.organisation_id), None)
    started = row.starts_at <= clock.now()
    is_secretary = actor.may(roles.RUNS_COMMITTEE)
    hint = words.hint_of_meeting(
        row.state,
        started,
        is_secretary,
        sum(_waits_for(my_seat.id, i, votes, resolved) for i in items) if my_seat else 0,
        sum(not count.quorate for count in tallies.values()),
        sum(count.carried and i not in resolved for i, count in tallies.items()),
    )
    return (
        render_template(
            "ecosystem/round_table/meeting.html",
            row=row,
            hint=hint if is_secretary or actor.may(roles.WRITES_POSTS) else "",
            amounts=actor.may(roles.SEES_WHOLE_MARKET),
            reader=reader_of(actor, seats),
            items=items,
            votes=votes,
            entered=entered,
            tallies=tallies,
            evidence=queries.evidence_of(actor, items),
            minutes_shown=committee.reads_minutes(actor, seats),
            seats=seats,
            my_seat=my_seat,
            who=sight.organisations({s.organisation_id for s in seats} | owners),
            resolved=resolved,
            is_secretary=is_secretary,
            can_vote=actor.may(roles.WRITES_POSTS),
            form=fresh,
            open_item=item_id,
            started=started,
            came=attendance_of(row.id),
        ),
        form_status(form) if form else 200,
    )


def _waits_for(
    seat_id: int, item: AgendaItem, votes: dict[int, dict[int, str]], resolved: dict[int, list[Resolution]]
) -> bool:
    """Whether this seat may still speak to a subject and has not."""
    on_roll = item.roll is None or seat_id in item.roll
    return on_roll and item.id not in resolved and seat_id not in votes.get(item.id, {})


@bp.post("/committee/meetings/<int:meeting_id>/<any(agenda, cancel):step>")
@only(roles.RUNS_COMMITTEE)
def meeting_step(meeting_id: int, step: str) -> ResponseReturnValue:
    actor = current_actor()
    if step == "agenda":
        service.refresh_agenda(actor, meeting_id)
        flash_ok(_("议程已按最新数据更新。"))
    else:
        service.cancel(actor, meeting_id)
        flash_ok(_("会议已取消。"))
    return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id), 303)


@bp.post("/committee/meetings/<int:meeting_id>/items")
@only(roles.RUNS_COMMITTEE)
def new_item(meeting_id: int) -> ResponseReturnValue:
    title = request.form.get("title", "").strip()[:200]
    if not title:
        raise Invalid("ecosystem_note_missing")
    service.add_item(current_actor(), meeting_id, title)
    return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id), 303)


@bp.post("/committee/meetings/<int:meeting_id>/minutes")
@only(roles.RUNS_COMMITTEE)
def hold_meeting(meeting_id: int) -> ResponseReturnValue:
    service.hold(current_actor(), meeting_id, request.form.get("minutes", "")[:8000])
    flash_ok(_("纪要已发布。"))
    return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id), 303)


@bp.post("/committee/meetings/<int:meeting_id>/items/<int:item_id>/note")
@only(roles.RUNS_COMMITTEE)
def note_item(meeting_id: int, item_id: int) -> ResponseReturnValue:
    queries.must_belong(item_id, meeting_id)
    service.note_item(
        current_actor(), item_id, request.form.get("minutes", "")[:2000], request.form.get("speaker", "")[:60]
    )
    flash_ok(_("已记录。"))
    return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id, _anchor=f"item-{item_id}"), 303)


@bp.post("/committee/meetings/<int:meeting_id>/items/<int:item_id>/vote")
@signed_in
def vote(meeting_id: int, item_id: int) -> ResponseReturnValue:
    choice = request.form.get("choice", "")
    if choice not in ("yes", "no", "abstain"):
        raise Invalid("choice_missing")
    queries.must_belong(item_id, meeting_id)
    seat_id = request.form.get("seat_id", "")
    service.vote(current_actor(), item_id, choice, whole(seat_id))
    flash_ok(_("表决已记录。"))
    return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id, _anchor=f"item-{item_id}"), 303)


@bp.post("/committee/meetings/<int:meeting_id>/items/<int:item_id>/votes")
@only(roles.RUNS_COMMITTEE)
def votes(meeting_id: int, item_id: int) -> ResponseReturnValue:
    """Write down what the seats said at the table, all of them at once."""
    queries.must_belong(item_id, meeting_id)
    said = {
        seat: choice
        for name, choice in request.form.items()
        if name.startswith("seat_") and (seat := whole(name[5:])) is not None and choice
    }
    if not said or not set(said.values()) <= {"yes", "no", "abstain"}:
        raise Invalid("choice_missing")
    service.vote_all(current_actor(), item_id, said)
    flash_ok(_("表决已记录。"))
    return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id, _anchor=f"item-{item_id}"), 303)


@bp.post("/committee/meetings/<int:meeting_id>/items/<int:item_id>/resolve")
@only(roles.RUNS_COMMITTEE)
def resolve(meeting_id: int, item_id: int) -> ResponseReturnValue:
    form = ResolutionForm()
    form.owner_id.choices = choices(organisations())
    queries.must_belong(item_id, meeting_id)
    if form.validate_on_submit():
        with refusals_to(form):
            service.resolve(current_actor(), item_id, form.text.data, form.owner_id.data, form.due_on.data)
            flash_ok(_("决议已形成。"))
            return redirect(
                url_for("ecosystem.meeting", meeting_id=meeting_id, _anchor=f"item-{item_id}"), 303
            )
    return _meeting(meeting_id, form, item_id)


@bp.post("/committee/resolutions/<int:resolution_id>/<any(done, dropped):state>")
@signed_in
def close_resolution(resolution_id: int, state: str) -> ResponseReturnValue:
    service.close_resolution(current_actor(), resolution_id, state, request.form.get("note", "")[:1000])
    flash_ok(_("决议已更新。"))
    return redirect_back("ecosystem.committee_page")
