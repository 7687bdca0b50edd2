"""Introductions: the board, and one introduction with all that happened."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.ecosystem import gains, pipeline
from app.ecosystem.forms import AppointmentForm, FileForm, NextForm, NoteForm, OutcomeForm, choices
from app.ecosystem.messages import INTRODUCTION_STATES
from app.ecosystem.models import Introduction
from app.ecosystem.service import introductions, outcomes, people, sight
from app.ecosystem.views import bp, guidance
from app.errors import Invalid
from app.web import Listing, current_actor, download, flash_ok, form_status, refusals_to, roles, signed_in

COLUMNS = ("opened", "met", "negotiating", "agreed", "delivering", "verified")
SORTS = {"noted": Introduction.last_noted_at, "due": Introduction.next_due_on, "title": Introduction.title}


@bp.get("/introductions")
@signed_in
def introductions_page() -> Any:
    actor = current_actor()
    listing = Listing.from_request(SORTS, "noted", ("state", "view"), desc=True)
    state, as_list = listing.filters["state"], listing.filters["view"] == "list"
    query = introductions.query(actor, state, listing.q)
    page = listing.page(query, Introduction.id.desc())
    if as_list or state or listing.q:
        seen = introductions.see(page.items)
        columns: list[Any] = []
    else:
        seen = introductions.see(introductions.for_board(actor))
        columns = [(key, [s for s in seen if s.row.state == key]) for key in COLUMNS]
    return render_template(
        "ecosystem/introductions.html",
        listing=listing,
        page=page,
        rows=seen,
        columns=columns,
        counts=introductions.counts(actor),
        states=list(INTRODUCTION_STATES.items()),
        money=sum(v for (_metric, unit), v in outcomes.totals_for(actor).items() if unit == gains.MONEY),
    )


@bp.get("/introductions/<int:introduction_id>")
@signed_in
def introduction(introduction_id: int) -> Any:
    return _page(introduction_id)


def _page(introduction_id: int, **refused: Any) -> Any:
    actor = current_actor()
    seen = introductions.get(actor, introduction_id)
    row = seen.row
    sides = introductions.sides(seen)
    forms: dict[str, Any] = {
        "note_form": NoteForm(formdata=None),
        "next_form": NextForm(
            formdata=None, due_on=row.next_due_on, step=row.next_step, owner_id=row.next_owner_id
        ),
        "meeting_form": AppointmentForm(formdata=None),
        "file_form": FileForm(formdata=None),
        "outcome_form": OutcomeForm(formdata=None),
    }
    forms["outcome_form"].beneficiary_id.data = (
        row.giving_id if actor.organisation_id == row.asking_id else row.asking_id
    )
    forms.update(refused)
    for form in (forms["next_form"].owner_id, forms["outcome_form"].beneficiary_id):
        form.choices = choices(sides)
    notes = introductions.timeline(row.id)
    files = introductions.files(row.id)
    results = outcomes.of(row.id)
    writer = actor.has(*sight.WRITERS) and (introductions.is_side(actor, row) or sight.is_matchmaker(actor))
    meetings = introductions.appointments(row.id)
    signable = [(o, outcomes.may_confirm(actor, row, o)) for o in results]
    status = max((form_status(form) for form in refused.values()), default=200)
    return (
        render_template(
            "ecosystem/introduction.html",
            s=seen,
            row=row,
            steps=[s for s in pipeline.reachable("introduction", row.state) if s not in ("verified", "lost")],
            columns=COLUMNS,
            notes=notes,
            files=files,
            appointments=meetings,
            outcomes=signable,
            hint=guidance.of_introduction(
                row.state,
                seen.confirmed,
                [mine for o, mine in signable if not o.confirmed_at and not o.contested_at],
                any(a.ends_at > clock.now() and not a.cancelled_at for a in meetings),
            )
            if writer
            else "",
            names=people.names(
                [n.member_id for n in notes]
                + [row.owner_id]
                + [o.recorded_by for o in results]
                + [o.confirmed_by for o in results]
            ),
            now=clock.now(),
            staff=sight.staff() if sight.is_matchmaker(actor) else [],
            sides=dict(sides),
            can_write=writer and row.state not in ("verified", "lost"),
            can_record=writer and row.state != "lost",
            **forms,
        ),
        status,
    )


def _done(introduction_id: int, anchor: str = "") -> Any:
    return redirect(
        url_for("ecosystem.introduction", introduction_id=introduction_id, _anchor=anchor or None), 303
    )


@bp.post("/introductions/<int:introduction_id>/note")
@signed_in
def note_introduction(introduction_id: int) -> Any:
    form = NoteForm()
    if form.validate_on_submit():
        with refusals_to(form):
            introductions.note(current_actor(), introduction_id, form.text.data)
            flash_ok(_("已记录。"))
            return _done(introduction_id, "timeline")
    return _page(introduction_id, note_form=form)


@bp.post("/introductions/<int:introduction_id>/move")
@signed_in
def move_introduction(introduction_id: int) -> Any:
    to = request.form.get("to", "")
    if to not in pipeline.INTRODUCTION:
        raise Invalid("ecosystem_step_refused")
    introductions.move(current_actor(), introduction_id, to, request.form.get("text", "")[:2000])
    flash_ok(_("已更新进展。"))
    return _done(introduction_id)


@bp.post("/introductions/<int:introduction_id>/verify")
@signed_in
def verify_introduction(introduction_id: int) -> Any:
    outcomes.verify(current_actor(), introduction_id)
    flash_ok(_("对接已验证。"))
    return _done(introduction_id)


@bp.post("/introductions/<int:introduction_id>/next")
@signed_in
def next_introduction(introduction_id: int) -> Any:
    form = NextForm()
    form.owner_id.choices = choices(introductions.sides(introductions.get(current_actor(), introduction_id)))
    if form.validate_on_submit():
        with refusals_to(form):
            introductions.plan_next(
                current_actor(), introduction_id, form.step.data, form.due_on.data, form.owner_id.data
            )
            flash_ok(_("下一步已更新。"))
            return _done(introduction_id)
    return _page(introduction_id, next_form=form)


@bp.post("/introductions/<int:introduction_id>/owner")
@roles(*sight.MATCHMAKERS)
def hand_over(introduction_id: int) -> Any:
    member = request.form.get("member_id", "")
    if not member.isdecimal() or len(member) > 15:
        raise Invalid("owner_not_staff")
    introductions.hand_over(current_actor(), introduction_id, int(member))
    flash_ok(_("跟进人已更新。"))
    return _done(introduction_id)


@bp.post("/introductions/<int:introduction_id>/meetings")
@signed_in
def invite_introduction(introduction_id: int) -> Any:
    form = AppointmentForm()
    if form.validate_on_submit():
        with refusals_to(form):
            starts, ends = (f.data.replace(tzinfo=clock.ZONE) for f in (form.starts_at, form.ends_at))
            introductions.invite(current_actor(), introduction_id, starts, ends, form.place.data or "")
            flash_ok(_("会面已约定，双方可下载日历邀请。"))
            return _done(introduction_id, "meetings")
    return _page(introduction_id, meeting_form=form)


@bp.post("/introductions/<int:introduction_id>/meetings/<int:appointment_id>/cancel")
@signed_in
def cancel_appointment(introduction_id: int, appointment_id: int) -> Any:
    introductions.call_off(current_actor(), introduction_id, appointment_id)
    flash_ok(_("会面已取消。"))
    return _done(introduction_id, "meetings")


@bp.get("/introductions/<int:introduction_id>/meetings/<int:appointment_id>.ics")
@signed_in
def appointment_ics(introduction_id: int, appointment_id: int) -> Any:
    data = introductions.calendar(current_actor(), introduction_id, appointment_id)
    return download(data, f"introduction-{introduction_id}-{appointment_id}.ics", "text/calendar")


@bp.post("/introductions/<int:introduction_id>/files")
@signed_in
def attach_introduction(introduction_id: int) -> Any:
    form = FileForm()
    if form.validate_on_submit():
        with refusals_to(form):
            upload = form.file.data
            content = upload.stream.read(introductions.MAX_FILE + 1)
            introductions.attach(current_actor(), introduction_id, upload.filename or "", content)
            flash_ok(_("文件已上传。"))
            return _done(introduction_id, "files")
    return _page(introduction_id, file_form=form)


@bp.get("/introductions/<int:introduction_id>/files/<int:file_id>")
@signed_in
def introduction_file(introduction_id: int, file_id: int) -> Any:
    file = introductions.get_file(current_actor(), introduction_id, file_id)
    return download(file.content, file.name, "application/octet-stream")


@bp.post("/introductions/<int:introduction_id>/outcomes")
@signed_in
def record_outcome(introduction_id: int) -> Any:
    form = OutcomeForm()
    form.beneficiary_id.choices = choices(
        introductions.sides(introductions.get(current_actor(), introduction_id))
    )
    if form.validate_on_submit():
        with refusals_to(form):
            outcomes.record(
                current_actor(),
                introduction_id,
                metric=form.metric.data,
                baseline=form.baseline.data,
                actual=form.actual.data,
                unit=form.unit.data,
                period=form.period.data,
                beneficiary_id=form.beneficiary_id.data or None,
            )
            flash_ok(_("成效已登记，等待受益方确认。"))
            return _done(introduction_id, "outcomes")
    return _page(introduction_id, outcome_form=form)


@bp.post("/outcomes/<int:outcome_id>/confirm")
@signed_in
def confirm_outcome(outcome_id: int) -> Any:
    outcome = outcomes.confirm(current_actor(), outcome_id)
    flash_ok(_("成效已确认并计入统计。"))
    return _done(outcome.introduction_id, "outcomes")


@bp.post("/outcomes/<int:outcome_id>/contest")
@signed_in
def contest_outcome(outcome_id: int) -> Any:
    outcome = outcomes.contest(current_actor(), outcome_id, request.form.get("reason", ""))
    flash_ok(_("已提出异议。"))
    return _done(outcome.introduction_id, "outcomes")
