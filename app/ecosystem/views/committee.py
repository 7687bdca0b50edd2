"""The round table: who sits there, the meetings, the computed agenda, votes and resolutions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.ecosystem.forms import AppointmentForm, ResolutionForm, choices
from app.ecosystem.service import committee, sight
from app.ecosystem.views import bp, guidance
from app.ecosystem.views.choices import organisations
from app.errors import Invalid
from app.web import (
    current_actor,
    download,
    flash_ok,
    form_status,
    redirect_back,
    refusals_to,
    roles,
    signed_in,
)

SECRETARIES = ("committee_secretary", "park_admin")


@bp.get("/committee")
@signed_in
def committee_page() -> Any:
    actor = current_actor()
    if committee.find() is None:
        return render_template("ecosystem/committee_empty.html", is_secretary=actor.has(*SECRETARIES))
    table = committee.table()
    ids = {s.organisation_id for s in table.seats} | {r.owner_id for r in table.resolutions}
    return render_template(
        "ecosystem/committee.html",
        t=table,
        who=sight.organisations(ids),
        is_secretary=actor.has(*SECRETARIES),
        actor=actor,
        amounts=actor.has(*sight.READERS),
        form=AppointmentForm(formdata=None),
        organisations=organisations() if actor.has(*SECRETARIES) else [],
        firms=organisations("enterprise") if actor.has(*SECRETARIES) else [],
        labels=committee.labels() if actor.has(*SECRETARIES) else {},
        may_found=sight.is_matchmaker(actor),
        planned=next((m.id for m in reversed(table.meetings) if m.state == "planned"), None)
        if actor.has(*SECRETARIES) and table.seats
        else None,
        hint=guidance.of_committee(
            actor.has(*SECRETARIES),
            len(table.seats),
            any(m.state == "planned" for m in table.meetings),
            any(
                m.state == "held" and clock.day_of(m.starts_at).replace(day=1) == clock.today().replace(day=1)
                for m in table.meetings
            ),
            sum(r.state == "open" and r.due_on < clock.today() for r in table.resolutions),
        ),
    )


@bp.post("/committee/found")
@roles(*SECRETARIES)
def found_committee() -> Any:
    name = request.form.get("name", "").strip()[:80] or _("生态协同委员会")
    committee.found_committee(current_actor(), name, clock.today())
    flash_ok(_("委员会已成立。"))
    return redirect(url_for("ecosystem.committee_page"), 303)


@bp.post("/committee/seats")
@roles(*SECRETARIES)
def new_seat() -> Any:
    organisation_id = _number(request.form.get("organisation_id"))
    committee.seat(current_actor(), organisation_id, request.form.get("person", "")[:60])
    flash_ok(_("席位已增加。"))
    return redirect(url_for("ecosystem.committee_page", _anchor="seats"), 303)


@bp.post("/committee/seats/<int:seat_id>/end")
@roles(*SECRETARIES)
def end_seat(seat_id: int) -> Any:
    committee.unseat(current_actor(), seat_id)
    flash_ok(_("席位已结束。"))
    return redirect(url_for("ecosystem.committee_page", _anchor="seats"), 303)


@bp.post("/committee/labels")
@roles(*SECRETARIES)
def set_label() -> Any:
    chosen = [_number(value) for value in request.form.getlist("firms")[:1000]]
    committee.set_label(current_actor(), request.form.get("label", ""), chosen)
    flash_ok(_("企业类别已保存。"))
    return redirect(url_for("ecosystem.committee_page", _anchor="labels"), 303)


@bp.route("/committee/meetings/new", methods=["GET", "POST"])
@roles(*SECRETARIES)
def new_meeting() -> Any:
    form = AppointmentForm()
    if form.validate_on_submit():
        with refusals_to(form):
            starts, ends = (f.data.replace(tzinfo=clock.ZONE) for f in (form.starts_at, form.ends_at))
            row = committee.call(current_actor(), starts, ends, form.place.data or "")
            flash_ok(_("会议已召集，议程已由数据生成。"))
            return redirect(url_for("ecosystem.meeting", meeting_id=row.id), 303)
    elif request.method == "GET":
        day = clock.today() + dt.timedelta(days=7)
        form.starts_at.data = dt.datetime.combine(day, dt.time(14))
        form.ends_at.data = dt.datetime.combine(day, dt.time(16))
    return render_template("ecosystem/meeting_form.html", form=form), form_status(form)


@bp.get("/committee/meetings/<int:meeting_id>")
@signed_in
def meeting(meeting_id: int) -> Any:
    return _meeting(meeting_id)


@bp.get("/committee/meetings/<int:meeting_id>.ics")
@signed_in
def meeting_calendar(meeting_id: int) -> Any:
    return download(committee.calendar(meeting_id), f"committee-meeting-{meeting_id}.ics", "text/calendar")


def _meeting(meeting_id: int, form: ResolutionForm | None = None, item_id: int | None = None) -> Any:
    actor = current_actor()
    row = committee.get_meeting(meeting_id)
    board = committee.get_committee()
    seats = committee.seats(board.id)
    items = committee.items(row.id)
    votes = committee.votes_of(row.id)
    resolved = committee.resolutions_of([i.id for i in items])
    owners = {r.owner_id for rows in resolved.values() for r in rows}
    fresh = form or ResolutionForm(formdata=None)
    fresh.owner_id.choices = choices(organisations())
    tallies = {i.id: committee.tally_of(board, votes.get(i.id, {}), len(seats)) for i in items}
    my_seat = next((s for s in seats if s.organisation_id == actor.organisation_id), None)
    started = row.starts_at <= clock.now()
    is_secretary = actor.has(*SECRETARIES)
    hint = guidance.of_meeting(
        row.state,
        started,
        is_secretary,
        sum(my_seat.id not in votes.get(i.id, {}) for i in items) if my_seat else 0,
        sum(not count.quorate for count in tallies.values()),
        sum(count.carried and i not in resolved for i, count in tallies.items()),
    )
    return (
        render_template(
            "ecosystem/meeting.html",
            row=row,
            hint=hint if is_secretary or actor.has(*sight.WRITERS) else "",
            amounts=actor.has(*sight.READERS),
            items=items,
            votes=votes,
            tallies=tallies,
            evidence=committee.evidence_of(actor, items),
            minutes_shown=committee.reads_minutes(actor),
            seats=seats,
            my_seat=my_seat,
            who=sight.organisations({s.organisation_id for s in seats} | owners),
            resolved=resolved,
            is_secretary=is_secretary,
            can_vote=actor.has(*sight.WRITERS),
            form=fresh,
            open_item=item_id,
            started=started,
        ),
        form_status(form) if form else 200,
    )


@bp.post("/committee/meetings/<int:meeting_id>/<any(agenda, cancel):step>")
@roles(*SECRETARIES)
def meeting_step(meeting_id: int, step: str) -> Any:
    actor = current_actor()
    if step == "agenda":
        committee.refresh_agenda(actor, meeting_id)
        flash_ok(_("议程已按最新数据更新。"))
    else:
        committee.cancel(actor, meeting_id)
        flash_ok(_("会议已取消。"))
    return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id), 303)


@bp.post("/committee/meetings/<int:meeting_id>/items")
@roles(*SECRETARIES)
def new_item(meeting_id: int) -> Any:
    title = request.form.get("title", "").strip()[:200]
    if not title:
        raise Invalid("ecosystem_note_missing")
    committee.add_item(current_actor(), meeting_id, title)
    return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id), 303)


@bp.post("/committee/meetings/<int:meeting_id>/minutes")
@roles(*SECRETARIES)
def hold_meeting(meeting_id: int) -> Any:
    committee.hold(current_actor(), meeting_id, request.form.get("minutes", "")[:8000])
    flash_ok(_("纪要已发布。"))
    return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id), 303)


@bp.post("/committee/meetings/<int:meeting_id>/items/<int:item_id>/note")
@roles(*SECRETARIES)
def note_item(meeting_id: int, item_id: int) -> Any:
    committee.must_belong(item_id, meeting_id)
    committee.note_item(current_actor(), item_id, request.form.get("minutes", "")[:2000])
    flash_ok(_("已记录。"))
    return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id, _anchor=f"item-{item_id}"), 303)


@bp.post("/committee/meetings/<int:meeting_id>/items/<int:item_id>/vote")
@signed_in
def vote(meeting_id: int, item_id: int) -> Any:
    choice = request.form.get("choice", "")
    if choice not in ("yes", "no", "abstain"):
        raise Invalid("choice_missing")
    committee.must_belong(item_id, meeting_id)
    seat_id = request.form.get("seat_id", "")
    committee.vote(
        current_actor(), item_id, choice, int(seat_id) if seat_id.isdecimal() and len(seat_id) < 16 else None
    )
    flash_ok(_("表决已记录。"))
    return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id, _anchor=f"item-{item_id}"), 303)


@bp.post("/committee/meetings/<int:meeting_id>/items/<int:item_id>/votes")
@roles(*SECRETARIES)
def votes(meeting_id: int, item_id: int) -> Any:
    """Write down what the seats said at the table, all of them at once."""
    committee.must_belong(item_id, meeting_id)
    said = {
        int(name.removeprefix("seat_")): choice
        for name, choice in request.form.items()
        if name.startswith("seat_") and name[5:].isdecimal() and len(name) < 20 and choice
    }
    if not said or not set(said.values()) <= {"yes", "no", "abstain"}:
        raise Invalid("choice_missing")
    committee.vote_all(current_actor(), item_id, said)
    flash_ok(_("表决已记录。"))
    return redirect(url_for("ecosystem.meeting", meeting_id=meeting_id, _anchor=f"item-{item_id}"), 303)


@bp.post("/committee/meetings/<int:meeting_id>/items/<int:item_id>/resolve")
@roles(*SECRETARIES)
def resolve(meeting_id: int, item_id: int) -> Any:
    form = ResolutionForm()
    form.owner_id.choices = choices(organisations())
    committee.must_belong(item_id, meeting_id)
    if form.validate_on_submit():
        with refusals_to(form):
            committee.resolve(current_actor(), item_id, form.text.data, form.owner_id.data, form.due_on.data)
            flash_ok(_("决议已形成。"))
            return redirect(
                url_for("ecosystem.meeting", meeting_id=meeting_id, _anchor=f"item-{item_id}"), 303
            )
    return _meeting(meeting_id, form, item_id)


@bp.post("/committee/resolutions/<int:resolution_id>/<any(done, dropped):state>")
@signed_in
def close_resolution(resolution_id: int, state: str) -> Any:
    committee.close_resolution(current_actor(), resolution_id, state, request.form.get("note", "")[:1000])
    flash_ok(_("决议已更新。"))
    return redirect_back("ecosystem.committee_page")


def _number(text: str | None) -> int:
    if not text or not text.isdecimal() or len(text) > 15:
        abort(422)
    return int(text)
