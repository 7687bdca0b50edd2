"""Pages of plans: what falls due, the plan of a year as a page, a calendar file and a workbook, one plan's form."""

from __future__ import annotations

import datetime as dt

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.hall import clock
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, only, signed_in
from app.hall.web.listing import Listing
from app.identity.door import roles
from app.upkeep.machines import access
from app.upkeep.machines import queries as machine_queries
from app.upkeep.machines.sheet import sheet
from app.upkeep.orders import service as orders
from app.upkeep.orders.models import OPEN_STATES
from app.upkeep.pages import bp
from app.upkeep.plans import queries, service
from app.upkeep.plans.ical import calendar_of
from app.upkeep.plans.models import UpkeepPlan
from app.upkeep.plans.year import days_of_year

HEADS = ("day", "machine", "code", "plan", "by")


@bp.get("/upkeep/due")
@only(roles.KEEPS_MACHINES)
def due() -> ResponseReturnValue:
    """Every plan by the day it falls due, with the cause."""
    on = clock.read_day(request.args.get("on")) or clock.today()
    found = queries.due_list(current_actor().organisation_id, on)
    listing = Listing.from_request({"due": []}, "due", ("on",), per_page=50)
    words = listing.q.casefold()
    if words:
        found = [one for one in found if words in f"{one.machine.name} {one.plan.name}".casefold()]
    return render_template("upkeep/plans/due.html", page=listing.slice(found), listing=listing, on=on)


Row = tuple[dt.date, queries.Standing]


def _year() -> int:
    year = whole(request.args.get("year"), most=2199)
    return year if year and year >= 2000 else clock.today().year


def _rows(year: int) -> list[Row]:
    found = [
        (day, one)
        for one in queries.due_list(current_actor().organisation_id, clock.today())
        for day in days_of_year(one.due.on, one.plan.every_days, year)
    ]
    return sorted(found, key=lambda row: (row[0], row[1].plan.id))


@bp.get("/upkeep/year")
@only(roles.KEEPS_MACHINES)
def year() -> ResponseReturnValue:
    """The plan of a year, month by month."""
    wanted = _year()
    months: dict[int, list[Row]] = {}
    for row in _rows(wanted):
        months.setdefault(row[0].month, []).append(row)
    return render_template("upkeep/plans/year.html", year=wanted, months=months)


@bp.get("/upkeep/year.ics")
@only(roles.KEEPS_MACHINES)
def year_ics() -> ResponseReturnValue:
    wanted = _year()
    answer = Response(calendar_of(_rows(wanted), request.url_root.rstrip("/")), mimetype="text/calendar")
    answer.headers.set("Content-Disposition", "attachment", filename=f"upkeep-{wanted}.ics")
    return answer


@bp.get("/upkeep/year.xlsx")
@only(roles.KEEPS_MACHINES)
def year_sheet() -> ResponseReturnValue:
    wanted = _year()
    rows = (
        (day, one.machine.name, one.machine.code, one.plan.name, one.due.by) for day, one in _rows(wanted)
    )
    return sheet(f"upkeep-{wanted}", HEADS, rows)


def wish_of(form: MultiDict[str, str]) -> service.PlanWish:
    """What the form says; a number that is none is 0, which the rule refuses at its field."""

    def number(name: str) -> int | None:
        text = form.get(name, "").strip()
        found = whole(text)
        return None if not text else 0 if found is None else found

    warn = number("warn_days")
    return service.PlanWish(
        name=form.get("name", ""),
        every_days=number("every_days"),
        every_used_hours=number("every_used_hours"),
        hours_meter=number("hours_meter"),
        meter=number("meter"),
        warn_days=7 if warn is None else warn,
        blocking=bool(form.get("blocking")),
        counts_from=form.get("counts_from", "done"),
        last_done_on=clock.read_day(form.get("last_done_on")),
        checklist=form.get("checklist", "").splitlines(),
        sign_off=bool(form.get("sign_off")),
        signer=number("signer"),
    )


def _form(machine_id: int, row: UpkeepPlan | None) -> str:
    machine = access.get_machine(current_actor(), machine_id)
    meters = machine_queries.meters_of(machine.id)
    return render_template(
        "upkeep/plans/form.html",
        machine=machine,
        row=row,
        hours=[one for one in meters if one.kind == "hours"],
        gauges=[one for one in meters if one.kind == "gauge"],
        signers=service.signers(machine.organisation_id),
    )


@bp.get("/upkeep/machines/<int:machine_id>/plans/new")
@only(roles.KEEPS_MACHINES)
def new_plan(machine_id: int) -> ResponseReturnValue:
    return _form(machine_id, None)


@bp.post("/upkeep/machines/<int:machine_id>/plans")
@only(roles.KEEPS_MACHINES)
def add_plan(machine_id: int) -> ResponseReturnValue:
    service.add(current_actor(), machine_id, wish_of(request.form))
    flash_ok(_("维护计划已保存。"))
    return redirect(url_for("upkeep.machine", machine_id=machine_id) + "#plans", 303)


@bp.get("/upkeep/plans/<int:plan_id>")
@only(roles.KEEPS_MACHINES)
def edit_plan(plan_id: int) -> ResponseReturnValue:
    row = service.get_plan(current_actor(), plan_id)
    return _form(row.machine_id, row)


@bp.post("/upkeep/plans/<int:plan_id>")
@only(roles.KEEPS_MACHINES)
def save_plan(plan_id: int) -> ResponseReturnValue:
    row = service.change(current_actor(), plan_id, wish_of(request.form))
    flash_ok(_("维护计划已保存。"))
    return redirect(url_for("upkeep.machine", machine_id=row.machine_id) + "#plans", 303)


@bp.post("/upkeep/plans/<int:plan_id>/end")
@only(roles.KEEPS_MACHINES)
def end_plan(plan_id: int) -> ResponseReturnValue:
    row = service.end(current_actor(), plan_id)
    flash_ok(_("计划已停止。"))
    return redirect(url_for("upkeep.machine", machine_id=row.machine_id) + "#plans", 303)


@bp.post("/upkeep/plans/<int:plan_id>/open")
@only(roles.KEEPS_MACHINES)
def open_plan(plan_id: int) -> ResponseReturnValue:
    """The order of this occurrence now, before it falls due; where it is open already, that one."""
    actor = current_actor()
    row = service.get_plan(actor, plan_id)
    order = orders.open_now(actor, row, blocks=True)
    return redirect(url_for("upkeep.order", order_id=order.id), 303)


@bp.post("/sharing/resources/<int:resource_id>/plans")
@signed_in
def add_shared_plan(resource_id: int) -> ResponseReturnValue:
    """The address where plans of a shared instrument were added before, and still are."""
    machine = access.of_resource(current_actor(), resource_id)
    service.add(current_actor(), machine.id, wish_of(request.form))
    flash_ok(_("维护计划已保存。"))
    return redirect(url_for("sharing.outages", resource_id=resource_id), 303)


@bp.post("/sharing/plans/<int:plan_id>/done")
@signed_in
def shared_plan_done(plan_id: int) -> ResponseReturnValue:
    """Done, said beside the outages: the order of this occurrence, opened and done in one go."""
    actor = current_actor()
    plan = service.get_plan(actor, plan_id)
    order = orders.open_now(actor, plan, blocks=False)
    if order.checklist or order.sign_off:  # a list has to be ticked, so the order itself is shown
        return redirect(url_for("upkeep.order", order_id=order.id), 303)
    if order.state in OPEN_STATES:
        orders.done(actor, order.id, orders.Report())
    flash_ok(_("已登记完成，重新计时。"))
    machine = access.get_machine(actor, plan.machine_id)
    if machine.resource_id is None:
        return redirect(url_for("upkeep.machine", machine_id=machine.id), 303)
    return redirect(url_for("sharing.outages", resource_id=machine.resource_id), 303)
