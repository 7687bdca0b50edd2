"""Introductions: the board, and one introduction with all that happened."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.ecosystem import limits, sight, states
from app.ecosystem.introductions import queries, rules, service, words
from app.ecosystem.introductions.models import Introduction
from app.ecosystem.introductions.schemas import NextForm, NoteForm
from app.ecosystem.introductions.words import INTRODUCTION_STATES
from app.ecosystem.outcomes import rules as outcomes_rules
from app.ecosystem.outcomes import service as outcomes
from app.ecosystem.outcomes.schemas import OutcomeForm
from app.ecosystem.pages import bp
from app.ecosystem.schemas import AppointmentForm, FileForm, choices
from app.hall import clock
from app.hall.errors import Invalid
from app.hall.text.numbers import whole
from app.hall.web.answers import download, flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only, signed_in
from app.hall.web.listing import Listing
from app.identity.door import roles

COLUMNS = ("opened", "met", "negotiating", "agreed", "delivering", "verified")
SORTS = {"noted": Introduction.last_noted_at, "due": Introduction.next_due_on, "title": Introduction.title}


@bp.get("/introductions")
@signed_in
def introductions_page() -> ResponseReturnValue:
    actor = current_actor()
    listing = Listing.from_request(SORTS, "noted", ("state", "view"), desc=True)
    state, as_list = listing.filters["state"], listing.filters["view"] == "list"
    query = queries.query(actor, state, listing.q)
    page = listing.page(query, Introduction.id.desc())
    if as_list or state or listing.q:
        seen = queries.see(page.items)
        columns: list[tuple[str, list[queries.Seen]]] = []
    else:
        seen = queries.see(queries.for_board(actor))
        columns = [(key, [s for s in seen if s.row.state == key]) for key in COLUMNS]
    return render_template(
        "ecosystem/introductions/introductions.html",
        listing=listing,
        page=page,
        rows=seen,
        columns=columns,
        counts=queries.counts(actor),
        states=list(INTRODUCTION_STATES.items()),
        money=sum(
            v for (_metric, unit), v in outcomes.totals_for(actor).items() if unit == outcomes_rules.MONEY
        ),
    )


@bp.get("/introductions/<int:introduction_id>")
@signed_in
def introduction(introduction_id: int) -> ResponseReturnValue:
    return page(introduction_id)


def page(introduction_id: int, **refused: FlaskForm) -> ResponseReturnValue:
    actor = current_actor()
    seen = queries.get(actor, introduction_id)
    row = seen.row
    sides = queries.sides(seen)
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
    notes = queries.timeline(row.id)
    files = queries.files(row.id)
    results = outcomes.of(row.id)
    writer = actor.may(roles.WRITES_POSTS) and (queries.is_side(actor, row) or sight.is_matchmaker(actor))
    meetings = queries.appointments(row.id)
    signable = [(o, outcomes.may_confirm(actor, row, o)) for o in results]
    status = max((form_status(form) for form in refused.values()), default=200)
    return (
        render_template(
            "ecosystem/introductions/introduction.html",
            s=seen,
            row=row,
            steps=[
                s for s in states.reachable(rules.INTRODUCTION, row.state) if s not in ("verified", "lost")
            ],
            columns=COLUMNS,
            notes=notes,
            files=files,
            appointments=meetings,
            outcomes=signable,
            hint=words.hint_of_introduction(
                row.state,
                seen.confirmed,
                [mine for o, mine in signable if not o.confirmed_at and not o.contested_at],
                any(a.ends_at > clock.now() and not a.cancelled_at for a in meetings),
            )
            if writer
            else "",
            names=sight.names(
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


def done(introduction_id: int, anchor: str = "") -> ResponseReturnValue:
    return redirect(
        url_for("ecosystem.introduction", introduction_id=introduction_id, _anchor=anchor or None), 303
    )


@bp.post("/introductions/<int:introduction_id>/note")
@signed_in
def note_introduction(introduction_id: int) -> ResponseReturnValue:
    form = NoteForm()
    if form.validate_on_submit():
        with refusals_to(form):
            service.note(current_actor(), introduction_id, form.text.data)
            flash_ok(_("已记录。"))
            return done(introduction_id, "timeline")
    return page(introduction_id, note_form=form)


@bp.post("/introductions/<int:introduction_id>/move")
@signed_in
def move_introduction(introduction_id: int) -> ResponseReturnValue:
    to = request.form.get("to", "")
    if to not in rules.INTRODUCTION:
        raise Invalid("ecosystem_step_refused")
    service.move(current_actor(), introduction_id, to, request.form.get("text", "")[:2000])
    flash_ok(_("已更新进展。"))
    return done(introduction_id)


@bp.post("/introductions/<int:introduction_id>/next")
@signed_in
def next_introduction(introduction_id: int) -> ResponseReturnValue:
    form = NextForm()
    form.owner_id.choices = choices(queries.sides(queries.get(current_actor(), introduction_id)))
    if form.validate_on_submit():
        with refusals_to(form):
            service.plan_next(
                current_actor(), introduction_id, form.step.data, form.due_on.data, form.owner_id.data
            )
            flash_ok(_("下一步已更新。"))
            return done(introduction_id)
    return page(introduction_id, next_form=form)


@bp.post("/introductions/<int:introduction_id>/owner")
@only(roles.MATCHES_PARTIES)
def hand_over(introduction_id: int) -> ResponseReturnValue:
    member = whole(request.form.get("member_id"))
    if member is None:
        raise Invalid("owner_not_staff")
    service.hand_over(current_actor(), introduction_id, member)
    flash_ok(_("跟进人已更新。"))
    return done(introduction_id)


@bp.post("/introductions/<int:introduction_id>/meetings")
@signed_in
def invite_introduction(introduction_id: int) -> ResponseReturnValue:
    form = AppointmentForm()
    if form.validate_on_submit():
        with refusals_to(form):
            starts, ends = (f.data.replace(tzinfo=clock.ZONE) for f in (form.starts_at, form.ends_at))
            service.invite(current_actor(), introduction_id, starts, ends, form.place.data or "")
            flash_ok(_("会面已约定，双方可下载日历邀请。"))
            return done(introduction_id, "meetings")
    return page(introduction_id, meeting_form=form)


@bp.post("/introductions/<int:introduction_id>/meetings/<int:appointment_id>/cancel")
@signed_in
def cancel_appointment(introduction_id: int, appointment_id: int) -> ResponseReturnValue:
    service.call_off(current_actor(), introduction_id, appointment_id)
    flash_ok(_("会面已取消。"))
    return done(introduction_id, "meetings")


@bp.get("/introductions/<int:introduction_id>/meetings/<int:appointment_id>.ics")
@signed_in
def appointment_ics(introduction_id: int, appointment_id: int) -> ResponseReturnValue:
    data = queries.calendar(current_actor(), introduction_id, appointment_id)
    return download(data, f"introduction-{introduction_id}-{appointment_id}.ics", "text/calendar")


@bp.post("/introductions/<int:introduction_id>/files")
@signed_in
def attach_introduction(introduction_id: int) -> ResponseReturnValue:
    form = FileForm()
    if form.validate_on_submit():
        with refusals_to(form):
            upload = form.file.data
            content = upload.stream.read(limits.INTRODUCTION_FILE_BYTES + 1)
            service.attach(current_actor(), introduction_id, upload.filename or "", content)
            flash_ok(_("文件已上传。"))
            return done(introduction_id, "files")
    return page(introduction_id, file_form=form)


@bp.get("/introductions/<int:introduction_id>/files/<int:file_id>")
@signed_in
def introduction_file(introduction_id: int, file_id: int) -> ResponseReturnValue:
    file = queries.get_file(current_actor(), introduction_id, file_id)
    return download(file.content, file.name, "application/octet-stream")
