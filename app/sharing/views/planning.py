"""Pages of flexible wishes and planning rounds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, language, units
from app.db import db, paginate
from app.errors import Invalid
from app.identity import service as identity
from app.sharing.forms_planning import PlaceForm, RoundForm, WishForm
from app.sharing.models import Resource, ScheduleRun, SlotRequest
from app.sharing.round_messages import (
    OUTCOME_NAMES,
    PHASE_NAMES,
    PRIORITY_NAMES,
    REQUEST_NAMES,
    REQUEST_TONES,
    RUN_NAMES,
    RUN_TONES,
)
from app.sharing.service import planning, showing
from app.sharing.service.planning.showing import assignments_of, days_of, tracks
from app.sharing.views import NAMES, bp
from app.web import Listing, current_actor, flash_ok, form_status, refusals_to, roles, signed_in

PLANNERS = ("enterprise_admin", "steward", "university_office", "park_admin", "auditor")
RUNNERS = PLANNERS[:-1]
NAMES |= {"wish": REQUEST_NAMES, "run": RUN_NAMES, "outcome": OUTCOME_NAMES, "priority": PRIORITY_NAMES}


def _equipment() -> list[Resource]:
    query = sa.select(Resource).where(Resource.kind == "equipment", Resource.status == "listed")
    return list(db.session.scalars(query.order_by(Resource.category, Resource.name, Resource.id)))


@bp.get("/wishes")
@signed_in
def wishes() -> Any:
    """My organisation's flexible wishes."""
    actor = current_actor()
    sorts = {"created": SlotRequest.created_at, "minutes": SlotRequest.duration_minutes}
    listing = Listing.from_request(sorts, "created", ("state",), desc=True)
    statement = planning.wishes_statement(actor)
    if listing.filters["state"]:
        statement = statement.where(SlotRequest.state == listing.filters["state"])
    page = listing.page(statement, SlotRequest.id)
    return render_template(
        "sharing/wishes.html",
        listing=listing,
        page=page,
        resources=showing.resources_by_id(r for wish in page.items for r in wish.resources),
        organisations=identity.organisations_by_id(wish.organisation_id for wish in page.items),
        windows={
            wish.id: [tuple(map(dt.datetime.fromisoformat, w)) for w in wish.windows] for wish in page.items
        },
        names=REQUEST_NAMES,
        tones=REQUEST_TONES,
        can_plan=planning.can_plan(actor),
        see_all=actor.has("park_admin", "auditor"),
    )


@bp.route("/wishes/new", methods=["GET", "POST"])
@signed_in
def new_wish() -> Any:
    """Ask for hours without naming the minute."""
    form = WishForm(day=clock.today() + dt.timedelta(days=1), until=clock.today() + dt.timedelta(days=5))
    equipment = _equipment()
    form.offer(equipment)
    if request.method == "GET":
        form.resources.data = [
            int(x) for x in request.args.getlist("resource") if x.isdigit() and len(x) < 18
        ]
    if form.validate_on_submit():
        with refusals_to(form):
            planning.ask(
                current_actor(),
                form.resources.data,
                form.windows(),
                form.minutes(),
                preferred_at=form.preferred_at(),
                priority=form.priority.data,
                purpose=form.purpose.data or "",
            )
            flash_ok(_("弹性申请已提交，下一轮排期会为它找到最合适的时段。"))
            return redirect(url_for("sharing.wishes"), 303)
    return render_template("sharing/wish_form.html", form=form), form_status(form)


@bp.post("/wishes/<int:request_id>/withdraw")
@signed_in
def withdraw_wish(request_id: int) -> Any:
    planning.withdraw(current_actor(), request_id)
    flash_ok(_("弹性申请已撤回。"))
    return redirect(url_for("sharing.wishes"), 303)


@bp.route("/rounds", methods=["GET", "POST"])
@roles(*PLANNERS)
def rounds() -> Any:
    """Planning rounds and the form that starts one."""
    actor = current_actor()
    first = clock.today() + dt.timedelta(days=1)
    form = RoundForm(day=first, until=first + dt.timedelta(days=6))
    if form.validate_on_submit():
        with refusals_to(form):
            cap = form.cap_hours.data
            run = planning.open_round(
                actor,
                clock.start_of_day(form.day.data),
                clock.start_of_day(form.until.data + dt.timedelta(days=1)),
                seconds=form.seconds.data,
                most_minutes_per_organisation=None if cap is None else cap * 60,
                fair_ratio=0.5 if form.fair.data else 0.0,
            )
            return redirect(url_for("sharing.round", run_id=run.id), 303)
    number = request.args.get("page", 1, int) or 1
    page = paginate(planning.list_rounds(actor), min(max(1, number), 100_000))
    if actor.has("park_admin", "auditor"):
        mine = [r.id for r in _equipment()]
    else:
        mine = [r.id for r in _equipment() if r.owner_id == actor.organisation_id]
    return render_template(
        "sharing/rounds.html",
        form=form,
        page=page,
        waiting=len(planning.open_wishes(mine)),
        names=RUN_NAMES,
        tones=RUN_TONES,
        outcomes=OUTCOME_NAMES,
        may_start=planning.can_plan(actor) and mine,
    ), form_status(form)


@bp.get("/rounds/<int:run_id>", endpoint="round")
@roles(*PLANNERS)
def show_round(run_id: int) -> Any:
    """One round: its progress while it is solved, then the plan to look over, edit and publish."""
    actor = current_actor()
    return _show(planning.get_round(actor, run_id), PlaceForm())


def _show(run: ScheduleRun, form: PlaceForm) -> Any:
    if run.state == "draft":
        return render_template("sharing/round_waiting.html", run=run, **_progress(run))
    lines = assignments_of(run)
    organisations = identity.organisations_by_id(line.organisation_id for line in lines)
    resources = showing.resources_by_id(
        {line.resource_id for line in lines if line.resource_id} | _unit_resources(run)
    )
    placed = [line for line in lines if line.start_at]
    plan = run.plan
    base = plan.get("first_come_value") or 0
    drawn = tracks(run, lines, {key: found.name for key, found in organisations.items()})
    return render_template(
        "sharing/round.html",
        run=run,
        plan=plan,
        form=form,
        lines=lines,
        placed=placed,
        refused=[line for line in lines if not line.start_at],
        organisations=organisations,
        resources=resources,
        tracks=drawn,
        days=days_of(run),
        gain=None if not base else plan["value"] / base - 1,
        names=RUN_NAMES,
        tones=RUN_TONES,
        outcomes=OUTCOME_NAMES,
        units=_units(run, resources),
        newcomers=len(planning.new_wishes(run)),
        moved={int(number) for number in plan.get("moved", ())},
        shares=_shares(run),
        may_edit=current_actor().has(*RUNNERS) and run.state == "solved",
    ), form_status(form)


def _progress(run: ScheduleRun) -> dict[str, Any]:
    return {"progress": run.plan.get("progress") or {}, "phases": PHASE_NAMES}


def _shares(run: ScheduleRun) -> list[tuple[str, str, str, str]]:
    """Who asked for how much, and what a wish of theirs weighed, when the round was weighed by fair shares."""
    ratio = float(run.instance.get("fair_ratio") or 0)
    if not ratio:
        return []
    found = planning.fair_shares(run)
    names = identity.organisations_by_id(int(one.enterprise) for one in found)
    grain = int(run.instance["slot_minutes"])
    return [
        (
            names[int(one.enterprise)].name,
            units.hours(one.asked_slots * grain),
            units.hours(one.equal_slots * grain),
            units.percent(one.weight_ratio),
        )
        for one in found
    ]


def _unit_resources(run: ScheduleRun) -> set[int]:
    from app.sharing.service.planning.rounds import resource_of_units

    return set(resource_of_units([int(one["id"]) for one in run.instance["instruments"]]).values())


def _units(run: ScheduleRun, resources: dict[int, Resource]) -> list[tuple[int, str]]:
    from app.sharing.service.planning.rounds import resource_of_units

    found = resource_of_units([int(one["id"]) for one in run.instance["instruments"]])
    labels = {unit: resources[resource].name for unit, resource in found.items()}
    return sorted(
        ((unit, f"{name} #{unit}") for unit, name in labels.items()), key=lambda pair: (pair[1], pair[0])
    )


@bp.get("/rounds/<int:run_id>/progress")
@roles(*PLANNERS)
def round_progress(run_id: int) -> Any:
    """The progress bar, asked for by htmx each second; sends the page on once the plan is there."""
    run = planning.get_round(current_actor(), run_id)
    if run.state != "draft":
        return "", 200, {"HX-Redirect": url_for("sharing.round", run_id=run.id)}
    return render_template("sharing/round_progress.html", run=run, **_progress(run))


@bp.post("/rounds/<int:run_id>/<any(stop, publish, discard, extend):action>")
@roles(*RUNNERS)
def act_on_round(run_id: int, action: str) -> Any:
    actor = current_actor()
    if action == "stop":
        planning.stop(actor, run_id)
    elif action == "publish":
        result = planning.publish(actor, run_id)
        counts = {"booked": len(result.booked), "lost": len(result.lost)}
        flash_ok(language.message("schedule_published", counts))
    elif action == "extend":
        done = planning.extend(actor, run_id)
        told = {"added": done.added, "placed": done.placed, "moved": len(done.moves)}
        flash_ok(language.message("schedule_extended", told))
    else:
        planning.discard(actor, run_id)
        flash_ok(_("方案已放弃，申请仍在等待排期。"))
    return redirect(url_for("sharing.round", run_id=run_id), 303)


@bp.post("/rounds/<int:run_id>/wishes/<int:request_id>/drop")
@roles(*RUNNERS)
def drop_from_round(run_id: int, request_id: int) -> Any:
    planning.drop(current_actor(), run_id, request_id)
    flash_ok(_("已移出方案，申请仍在等待排期。"))
    return redirect(url_for("sharing.round", run_id=run_id), 303)


@bp.post("/rounds/<int:run_id>/wishes/<int:request_id>/place")
@roles(*RUNNERS)
def place_in_round(run_id: int, request_id: int) -> Any:
    """Move a wish inside the plan; a refusal shows the page again with all that speaks against it."""
    actor = current_actor()
    form = PlaceForm()
    if form.validate_on_submit():
        with refusals_to(form):
            try:
                unit = int(form.unit.data)
            except (TypeError, ValueError):
                raise Invalid("resource_not_found") from None
            planning.change(actor, run_id, request_id, unit, form.moment())
            flash_ok(_("已改到新的位置。"))
            return redirect(url_for("sharing.round", run_id=run_id), 303)
    return _show(planning.get_round(actor, run_id), form)
