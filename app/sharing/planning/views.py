"""Pages of flexible wishes and planning rounds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.paging import paginate
from app.hall.errors import Invalid
from app.hall.text import language, units
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only, signed_in
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Resource
from app.sharing.pages import NAMES, bp
from app.sharing.planning import changes, extension, publication
from app.sharing.planning import service as planning_service
from app.sharing.planning import wishes as planning_wishes
from app.sharing.planning.chart import assignments_of, days_of, tracks
from app.sharing.planning.models import ScheduleRun, SlotRequest
from app.sharing.planning.schemas import PlaceForm, RoundForm, WishForm
from app.sharing.planning.service import resource_of_units
from app.sharing.planning.words import (
    OUTCOME_NAMES,
    PHASE_NAMES,
    PRIORITY_NAMES,
    REQUEST_NAMES,
    REQUEST_TONES,
    RUN_NAMES,
    RUN_TONES,
)

NAMES |= {"wish": REQUEST_NAMES, "run": RUN_NAMES, "outcome": OUTCOME_NAMES, "priority": PRIORITY_NAMES}


def _equipment(actor: Actor) -> list[Resource]:
    query = sa.select(Resource).where(
        Resource.kind == "equipment", Resource.status == "listed", resource_records.found_by(actor)
    )
    return list(db.session.scalars(query.order_by(Resource.category, Resource.name, Resource.id)))


@bp.get("/wishes")
@signed_in
def wishes() -> ResponseReturnValue:
    """My organisation's flexible wishes."""
    actor = current_actor()
    sorts = {"created": SlotRequest.created_at, "minutes": SlotRequest.duration_minutes}
    listing = Listing.from_request(sorts, "created", ("state",), desc=True)
    statement = planning_wishes.wishes_statement(actor)
    if listing.filters["state"]:
        statement = statement.where(SlotRequest.state == listing.filters["state"])
    page = listing.page(statement, SlotRequest.id)
    return render_template(
        "sharing/planning/wishes.html",
        listing=listing,
        page=page,
        resources=resource_records.resources_by_id(r for wish in page.items for r in wish.resources),
        organisations=identity.organisations_by_id(wish.organisation_id for wish in page.items),
        windows={
            wish.id: [tuple(map(dt.datetime.fromisoformat, w)) for w in wish.windows] for wish in page.items
        },
        names=REQUEST_NAMES,
        tones=REQUEST_TONES,
        can_plan=planning_service.can_plan(actor),
        see_all=actor.may(roles.SEES_ALL_PLANS),
    )


@bp.route("/wishes/new", methods=["GET", "POST"])
@signed_in
def new_wish() -> ResponseReturnValue:
    """Ask for hours without naming the minute."""
    form = WishForm(day=clock.today() + dt.timedelta(days=1), until=clock.today() + dt.timedelta(days=5))
    equipment = _equipment(current_actor())
    form.offer(equipment)
    if request.method == "GET":
        form.resources.data = [x for x in map(whole, request.args.getlist("resource")) if x is not None]
    if form.validate_on_submit():
        with refusals_to(form):
            planning_wishes.ask(
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
    return render_template("sharing/planning/wish_form.html", form=form), form_status(form)


@bp.post("/wishes/<int:request_id>/withdraw")
@signed_in
def withdraw_wish(request_id: int) -> ResponseReturnValue:
    planning_wishes.withdraw(current_actor(), request_id)
    flash_ok(_("弹性申请已撤回。"))
    return redirect(url_for("sharing.wishes"), 303)


@bp.route("/rounds", methods=["GET", "POST"])
@only(roles.SEES_PLANS)
def rounds() -> ResponseReturnValue:
    """Planning rounds and the form that starts one."""
    actor = current_actor()
    first = clock.today() + dt.timedelta(days=1)
    form = RoundForm(day=first, until=first + dt.timedelta(days=6))
    if form.validate_on_submit():
        with refusals_to(form):
            cap = form.cap_hours.data
            run = planning_service.open_round(
                actor,
                clock.start_of_day(form.day.data),
                clock.start_of_day(form.until.data + dt.timedelta(days=1)),
                seconds=form.seconds.data,
                most_minutes_per_organisation=None if cap is None else cap * 60,
                fair_ratio=0.5 if form.fair.data else 0.0,
            )
            return redirect(url_for("sharing.round", run_id=run.id), 303)
    number = request.args.get("page", 1, int) or 1
    page = paginate(planning_service.list_rounds(actor), min(max(1, number), 100_000))
    if actor.may(roles.SEES_ALL_PLANS):
        mine = [r.id for r in _equipment(current_actor())]
    else:
        mine = [r.id for r in _equipment(current_actor()) if r.owner_id == actor.organisation_id]
    return render_template(
        "sharing/planning/rounds.html",
        form=form,
        page=page,
        waiting=len(planning_wishes.open_wishes(mine)),
        names=RUN_NAMES,
        tones=RUN_TONES,
        outcomes=OUTCOME_NAMES,
        may_start=planning_service.can_plan(actor) and mine,
    ), form_status(form)


@bp.get("/rounds/<int:run_id>", endpoint="round")
@only(roles.SEES_PLANS)
def show_round(run_id: int) -> ResponseReturnValue:
    """One round: its progress while it is solved, then the plan to look over, edit and publish."""
    actor = current_actor()
    return _show(planning_service.get_round(actor, run_id), PlaceForm())


def _show(run: ScheduleRun, form: PlaceForm) -> ResponseReturnValue:
    if run.state == "draft":
        return render_template("sharing/planning/round_waiting.html", run=run, **_progress(run))
    lines = assignments_of(run)
    organisations = identity.organisations_by_id(line.organisation_id for line in lines)
    resources = resource_records.resources_by_id(
        {line.resource_id for line in lines if line.resource_id} | _unit_resources(run)
    )
    placed = [line for line in lines if line.start_at]
    plan = run.plan
    base = plan.get("first_come_value") or 0
    drawn = tracks(run, lines, {key: found.name for key, found in organisations.items()})
    return render_template(
        "sharing/planning/round.html",
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
        newcomers=len(extension.new_wishes(run)),
        moved={int(number) for number in plan.get("moved", ())},
        shares=_shares(run),
        may_edit=current_actor().may(roles.OFFERS_RESOURCES) and run.state == "solved",
    ), form_status(form)


def _progress(run: ScheduleRun) -> dict[str, Any]:
    return {"progress": run.plan.get("progress") or {}, "phases": PHASE_NAMES}


def _shares(run: ScheduleRun) -> list[tuple[str, str, str, str]]:
    """Who asked for how much, and what a wish of theirs weighed, when the round was weighed by fair shares."""
    ratio = float(run.instance.get("fair_ratio") or 0)
    if not ratio:
        return []
    found = planning_service.fair_shares(run)
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
    return set(resource_of_units([int(one["id"]) for one in run.instance["instruments"]]).values())


def _units(run: ScheduleRun, resources: dict[int, Resource]) -> list[tuple[int, str]]:
    found = resource_of_units([int(one["id"]) for one in run.instance["instruments"]])
    labels = {unit: resources[resource].name for unit, resource in found.items()}
    return sorted(
        ((unit, f"{name} #{unit}") for unit, name in labels.items()), key=lambda pair: (pair[1], pair[0])
    )


@bp.get("/rounds/<int:run_id>/progress")
@only(roles.SEES_PLANS)
def round_progress(run_id: int) -> ResponseReturnValue:
    """The progress bar, asked for by htmx each second; sends the page on once the plan is there."""
    run = planning_service.get_round(current_actor(), run_id)
    if run.state != "draft":
        return "", 200, {"HX-Redirect": url_for("sharing.round", run_id=run.id)}
    return render_template("sharing/planning/round_progress.html", run=run, **_progress(run))


@bp.post("/rounds/<int:run_id>/<any(stop, publish, discard, extend):action>")
@only(roles.OFFERS_RESOURCES)
def act_on_round(run_id: int, action: str) -> ResponseReturnValue:
    actor = current_actor()
    if action == "stop":
        planning_service.stop(actor, run_id)
    elif action == "publish":
        result = publication.publish(actor, run_id)
        counts = {"booked": len(result.booked), "lost": len(result.lost)}
        flash_ok(language.message("schedule_published", counts))
    elif action == "extend":
        done = extension.extend(actor, run_id)
        told = {"added": done.added, "placed": done.placed, "moved": len(done.moves)}
        flash_ok(language.message("schedule_extended", told))
    else:
        publication.discard(actor, run_id)
        flash_ok(_("方案已放弃，申请仍在等待排期。"))
    return redirect(url_for("sharing.round", run_id=run_id), 303)


@bp.post("/rounds/<int:run_id>/wishes/<int:request_id>/drop")
@only(roles.OFFERS_RESOURCES)
def drop_from_round(run_id: int, request_id: int) -> ResponseReturnValue:
    changes.drop(current_actor(), run_id, request_id)
    flash_ok(_("已移出方案，申请仍在等待排期。"))
    return redirect(url_for("sharing.round", run_id=run_id), 303)


@bp.post("/rounds/<int:run_id>/wishes/<int:request_id>/place")
@only(roles.OFFERS_RESOURCES)
def place_in_round(run_id: int, request_id: int) -> ResponseReturnValue:
    """Move a wish inside the plan; a refusal shows the page again with all that speaks against it."""
    actor = current_actor()
    form = PlaceForm()
    if form.validate_on_submit():
        with refusals_to(form):
            try:
                unit = int(form.unit.data)
            except (TypeError, ValueError):
                raise Invalid("resource_not_found") from None
            changes.change(actor, run_id, request_id, unit, form.moment())
            flash_ok(_("已改到新的位置。"))
            return redirect(url_for("sharing.round", run_id=run_id), 303)
    return _show(planning_service.get_round(actor, run_id), form)
