"""Pages of orders and faults, and the same acts as a phone sends them when its network is back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.hall import clock
from app.hall.errors import Invalid, Reason
from app.hall.rooms import doors
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, only
from app.hall.web.listing import Listing
from app.hall.web.offline.service import Entry, on_entry
from app.identity import door as identity
from app.identity.door import roles
from app.upkeep import limits
from app.upkeep.machines import access
from app.upkeep.machines.queries import parts_of
from app.upkeep.orders import faults, queries, rules, service, store
from app.upkeep.orders.models import WorkOrder
from app.upkeep.pages import bp
from app.upkeep.plans import service as plans

SORTS = {"due": [WorkOrder.due_on, WorkOrder.id], "ended": [WorkOrder.ended_at, WorkOrder.id]}
STATES = ("open", "overdue", "to_sign", "due", "planned", "in_progress", "done", "skipped", "all")


@bp.get("/upkeep/orders")
@only(roles.KEEPS_MACHINES)
def orders() -> ResponseReturnValue:
    actor = current_actor()
    listing = Listing.from_request(SORTS, "due", ("state", "mine"))
    state = listing.filters["state"]
    query = queries.statement(actor, state, bool(listing.filters["mine"]))
    if listing.q:
        query = query.where(WorkOrder.title.ilike(f"%{identity.escape_like(listing.q)}%", escape="\\"))
    page = listing.page(query, WorkOrder.id)
    return render_template(
        "upkeep/orders/orders.html",
        page=page,
        listing=listing,
        machines=queries.machines_by_id(one.machine_id for one in page.items),
        states=STATES,
    )


@bp.get("/upkeep/orders/<int:order_id>")
@only(roles.KEEPS_MACHINES)
def order(order_id: int) -> ResponseReturnValue:
    """One order: what is to be done, ticked off on a phone, also where there is no network."""
    actor = current_actor()
    row, machine = service.get_order(actor, order_id)
    people = plans.keepers(machine.organisation_id)
    return render_template(
        "upkeep/orders/order.html",
        row=row,
        machine=machine,
        fault=queries.fault_of(row.id),
        people=people,
        names={one.id: one.name for one in people},
        signers=plans.signers(machine.organisation_id),
        parts=parts_of(machine.id),
        used=queries.parts_used([row.id]).get(row.id, []),
        files=store.files_of(machine.id, row.id),
        doors=doors(actor, "work_order", row.id),
        signs=rules.signs(row.signer_id, actor.member_id, actor.may(roles.SIGNS_OFF_UPKEEP)),
    )


def _to(row: WorkOrder) -> ResponseReturnValue:
    return redirect(url_for("upkeep.order", order_id=row.id), 303)


@bp.post("/upkeep/orders/<int:order_id>/plan")
@only(roles.KEEPS_MACHINES)
def plan_order(order_id: int) -> ResponseReturnValue:
    form = request.form
    day = clock.read_day(form.get("planned_on"))
    if day is None:
        raise Invalid("order_refused", [Reason("order_planned_in_past", {"at": "planned_on"})])
    wish = service.Agreement(
        day, whole(form.get("assignee")), bool(form.get("sign_off")), whole(form.get("signer"))
    )
    row = service.agree(current_actor(), order_id, wish)
    flash_ok(_("工单已安排。"))
    return _to(row)


@bp.post("/upkeep/orders/<int:order_id>/start")
@only(roles.KEEPS_MACHINES)
def start_order(order_id: int) -> ResponseReturnValue:
    return _to(service.start(current_actor(), order_id))


def _report(form: MultiDict[str, str]) -> service.Report:
    """What the form of an order says; `part-7` is how many of part 7 were used."""
    parts = {}
    for name, text in form.items():
        number = whole(name.removeprefix("part-")) if name.startswith("part-") else None
        used = whole(text) if text.strip() else 0
        if number is not None and used != 0:
            parts[number] = used if used is not None else -1
    return service.Report(
        ticked=form.getlist("ticked"),
        note=form.get("note", ""),
        parts=parts,
        done_on=clock.read_day(form.get("done_on")),
        overhauled=bool(form.get("overhauled")),
    )


@bp.post("/upkeep/orders/<int:order_id>/done")
@only(roles.KEEPS_MACHINES)
def order_done(order_id: int) -> ResponseReturnValue:
    actor = current_actor()
    for data, name in _photos():
        store.add_order_photo(actor, order_id, data, name)
    row = service.done(actor, order_id, _report(request.form))
    flash_ok(_("工单已完成。") if row.ended_at else _("已报完成，等待签字。"))
    return _to(row)


def _photos() -> list[tuple[bytes, str]]:
    found = []
    for sent in request.files.getlist("photo"):
        data = sent.read(limits.PHOTO_BYTES + 1)
        sent.close()
        if data:
            found.append((data, sent.filename or ""))
    return found


@bp.post("/upkeep/orders/<int:order_id>/photos")
@only(roles.KEEPS_MACHINES)
def add_order_photo(order_id: int) -> ResponseReturnValue:
    photos = _photos()
    if not photos:
        raise Invalid("file_empty")
    for data, name in photos:
        store.add_order_photo(current_actor(), order_id, data, name)
    return redirect(url_for("upkeep.order", order_id=order_id) + "#photos", 303)


@bp.post("/upkeep/orders/<int:order_id>/sign")
@only(roles.KEEPS_MACHINES)
def sign_order(order_id: int) -> ResponseReturnValue:
    row = service.sign(current_actor(), order_id)
    flash_ok(_("已签字，工单完成。"))
    return _to(row)


@bp.post("/upkeep/orders/<int:order_id>/back")
@only(roles.KEEPS_MACHINES)
def give_back_order(order_id: int) -> ResponseReturnValue:
    row = service.give_back(current_actor(), order_id, request.form.get("reason", ""))
    flash_ok(_("已退回。"))
    return _to(row)


@bp.post("/upkeep/orders/<int:order_id>/skip")
@only(roles.KEEPS_MACHINES)
def skip_order(order_id: int) -> ResponseReturnValue:
    row = service.skip(current_actor(), order_id, request.form.get("reason", ""))
    flash_ok(_("工单已跳过。"))
    return _to(row)


@bp.post("/upkeep/machines/<int:machine_id>/orders")
@only(roles.KEEPS_MACHINES)
def ask_order(machine_id: int) -> ResponseReturnValue:
    row = service.ask(current_actor(), machine_id, request.form.get("title", ""))
    flash_ok(_("工单已开。"))
    return _to(row)


def _fault(text: str, stops: str, began: str) -> faults.FaultReport:
    moment = None
    if began.strip():
        try:
            moment = dt.datetime.fromisoformat(began.strip())
        except ValueError:
            raise Invalid("fault_refused", [Reason("fault_in_future", {"at": "began_at"})]) from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)
    return faults.FaultReport(text, bool(stops), moment)


@bp.get("/upkeep/machines/<int:machine_id>/fault")
@only(roles.KEEPS_MACHINES)
def fault_form(machine_id: int) -> ResponseReturnValue:
    row = access.get_machine(current_actor(), machine_id)
    return render_template("upkeep/orders/fault.html", row=row)


@bp.post("/upkeep/machines/<int:machine_id>/fault")
@only(roles.KEEPS_MACHINES)
def report_fault(machine_id: int) -> ResponseReturnValue:
    form, actor = request.form, current_actor()
    wish = _fault(form.get("text", ""), form.get("stops", ""), form.get("began_at", ""))
    row = faults.report(actor, machine_id, wish)
    for data, name in _photos():
        store.add_order_photo(actor, row.id, data, name)
    flash_ok(_("故障已登记，工单已开。"))
    return _to(row)


# --- without a network --------------------------------------------------------------------------------


def _number(entry: Entry, name: str, code: str) -> int:
    number = whole(entry.text(name))
    if number is None or not entry.actor.may(roles.KEEPS_MACHINES):
        raise Invalid(code)
    return number


def _next(row: WorkOrder) -> Mapping[str, object]:
    return {"next": f"/upkeep/orders/{row.id}", "order": row.id, "state": row.state}


@on_entry("upkeep.done")
def done_offline(entry: Entry) -> Mapping[str, object]:
    """Ticked off on a phone; the day is the phone's own where it says none, never one of the future."""
    form = _form_of(entry)
    report = _report(form)
    if report.done_on is None:
        day = min(clock.day_of(entry.made_at), clock.today())
        report = service.Report(report.ticked, report.note, report.parts, day, report.overhauled)
    return _next(service.done(entry.actor, _number(entry, "order", "order_not_found"), report))


@on_entry("upkeep.photo")
def photo_offline(entry: Entry) -> Mapping[str, object]:
    """A photograph travels by itself, ahead of its form."""
    number = _number(entry, "order", "order_not_found")
    return {"key": store.add_order_photo(entry.actor, number, entry.file, entry.file_name)}


@on_entry("upkeep.fault")
def fault_offline(entry: Entry) -> Mapping[str, object]:
    """A fault began when the phone says, as far as that is not in the future."""
    began = entry.text("began_at") or min(entry.made_at, clock.now()).isoformat()
    wish = _fault(entry.text("text"), entry.text("stops"), began)
    return _next(faults.report(entry.actor, _number(entry, "machine", "machine_not_found"), wish))


def _form_of(entry: Entry) -> MultiDict[str, str]:
    return MultiDict([(name, value) for name in entry.body for value in entry.texts(name)])
