"""The page of the committee: seats, kinds of firm, what the table is about."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ecosystem import choices, sight
from app.ecosystem.committee import service, words
from app.ecosystem.pages import bp
from app.ecosystem.round_table import queries as round_table_queries
from app.ecosystem.round_table import rules as round_table_rules
from app.ecosystem.round_table.sight import reader_of
from app.ecosystem.schemas import AppointmentForm
from app.hall import clock
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, only, signed_in
from app.identity import door as identity
from app.identity.door import roles


@bp.get("/committee")
@signed_in
def committee_page() -> ResponseReturnValue:
    actor = current_actor()
    board, runs = service.find(), actor.may(roles.RUNS_COMMITTEE)
    if board is None:
        return render_template("ecosystem/committee/committee_empty.html", is_secretary=runs)
    labels = service.labels()
    table = round_table_queries.table(board, labels)
    active = identity.active_organisations() if runs else []
    who = {one.id: one for one in active}
    ids = {s.organisation_id for s in table.seats} | {r.owner_id for r in table.resolutions}
    today = clock.today()
    reader = reader_of(actor, table.seats)
    late = {
        r.id
        for r in table.resolutions
        if reader.knows_lateness(r.owner_id) and round_table_rules.is_overdue(r.state, r.due_on, today)
    }
    return render_template(
        "ecosystem/committee/committee.html",
        late=late,
        t=table,
        who=who | sight.organisations(ids - set(who)),
        is_secretary=runs,
        actor=actor,
        reader=reader,
        form=AppointmentForm(formdata=None),
        organisations=choices.options(active),
        firms=choices.options(one for one in active if one.kind == "enterprise"),
        labels=labels if runs else {},
        may_found=sight.is_matchmaker(actor),
        planned=next((m.id for m in reversed(table.meetings) if m.state == "planned"), None)
        if runs and table.seats
        else None,
        hint=words.hint_of_committee(
            runs,
            len(table.seats),
            any(m.state == "planned" for m in table.meetings),
            any(
                m.state == "held" and clock.day_of(m.starts_at).replace(day=1) == clock.today().replace(day=1)
                for m in table.meetings
            ),
            len(late),
        ),
    )


@bp.post("/committee/found")
@only(roles.RUNS_COMMITTEE)
def found_committee() -> ResponseReturnValue:
    name = request.form.get("name", "").strip()[:80] or _("生态协同委员会")
    service.found_committee(current_actor(), name, clock.today())
    flash_ok(_("委员会已成立。"))
    return redirect(url_for("ecosystem.committee_page"), 303)


@bp.post("/committee/seats")
@only(roles.RUNS_COMMITTEE)
def new_seat() -> ResponseReturnValue:
    organisation_id = _number(request.form.get("organisation_id"))
    service.seat(current_actor(), organisation_id, request.form.get("person", "")[:60])
    flash_ok(_("席位已增加。"))
    return redirect(url_for("ecosystem.committee_page", _anchor="seats"), 303)


@bp.post("/committee/seats/<int:seat_id>/end")
@only(roles.RUNS_COMMITTEE)
def end_seat(seat_id: int) -> ResponseReturnValue:
    service.unseat(current_actor(), seat_id)
    flash_ok(_("席位已结束。"))
    return redirect(url_for("ecosystem.committee_page", _anchor="seats"), 303)


@bp.post("/committee/labels")
@only(roles.RUNS_COMMITTEE)
def set_label() -> ResponseReturnValue:
    chosen = [_number(value) for value in request.form.getlist("firms")[:1000]]
    service.set_label(current_actor(), request.form.get("label", ""), chosen)
    flash_ok(_("企业类别已保存。"))
    return redirect(url_for("ecosystem.committee_page", _anchor="labels"), 303)


def _number(text: str | None) -> int:
    number = whole(text)
    if number is None:
        abort(422)
    return number
