"""Pages of machines: the register, the log of one machine as its label opens it, parts, meters, papers."""

from __future__ import annotations

import hashlib

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.hall import clock
from app.hall.errors import Invalid, NotAllowed, NotFound, Reason
from app.hall.files import uploads
from app.hall.files.qr import drawing
from app.hall.rooms import doors
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, only
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.upkeep import limits
from app.upkeep.machines import access, proposals, queries, service
from app.upkeep.machines.models import Machine
from app.upkeep.machines.sheet import workbook
from app.upkeep.orders import queries as order_queries
from app.upkeep.orders import store
from app.upkeep.pages import LABELS, bp
from app.upkeep.plans import queries as plan_queries
from app.upkeep.readings import service as readings
from app.upkeep.readings.batch import read_value
from app.upkeep.readings.chart import chart
from app.upkeep.readings.rules import condition

SORTS = {"name": [Machine.name, Machine.id], "code": [Machine.code], "state": [Machine.state, Machine.name]}
CHART_READINGS = 90


def _listing() -> Listing:
    return Listing.from_request(SORTS, "name", ("state",))


@bp.get("/upkeep/")
@only(roles.KEEPS_MACHINES)
def machines() -> ResponseReturnValue:
    """The register: what one's firm has, and what it says."""
    actor, listing = current_actor(), _listing()
    page = listing.page(queries.statement(actor, listing.q, listing.filters["state"]), Machine.id)
    return render_template(
        "upkeep/machines/machines.html",
        page=page,
        listing=listing,
        signs=queries.signs([row.id for row in page.items]),
        counts=queries.counts(actor.organisation_id),
        proposed=proposals.waiting(actor),
        doors=doors(actor, "machine_register", actor.organisation_id),
    )


@bp.post("/upkeep/proposals/<int:proposal_id>")
@only(roles.KEEPS_MACHINES)
def decide_proposal(proposal_id: int) -> ResponseReturnValue:
    """A machine that was seen in the workshop stands in the register from now on, or is none of ours."""
    take = request.form.get("act") == "take"
    proposals.decide(current_actor(), proposal_id, take)
    flash_ok(_("设备已登记。") if take else _("已更新。"))
    return redirect(url_for("upkeep.machines"), 303)


@bp.get("/upkeep/machines.xlsx")
@only(roles.KEEPS_MACHINES)
def machines_sheet() -> ResponseReturnValue:
    """The register as shown, as a workbook."""
    listing = _listing()
    return workbook(
        queries.statement(current_actor(), listing.q, listing.filters["state"]).order_by(Machine.id)
    )


@bp.get("/upkeep/park")
@only(roles.COUNTS_MACHINES)
def counts() -> ResponseReturnValue:
    """What the park sees of the upkeep of its firms: counts only."""
    return render_template(
        "upkeep/machines/counts.html", counts=queries.park_counts(), least=limits.FIRM_GROUP
    )


def _card() -> service.Card:
    form = request.form
    names = ("name", "code", "model", "serial", "place")
    return service.Card(
        **{name: form.get(name, "") for name in names}, planned=form.get("planned", "working_hours")
    )


@bp.get("/upkeep/machines/new")
@only(roles.KEEPS_MACHINES)
def new_machine() -> ResponseReturnValue:
    return render_template("upkeep/machines/form.html", row=None)


@bp.post("/upkeep/machines")
@only(roles.KEEPS_MACHINES)
def add_machine() -> ResponseReturnValue:
    row = service.add(current_actor(), _card())
    flash_ok(_("设备已登记。"))
    return redirect(url_for("upkeep.machine", machine_id=row.id), 303)


@bp.get("/upkeep/machines/<int:machine_id>/edit")
@only(roles.KEEPS_MACHINES)
def edit_machine(machine_id: int) -> ResponseReturnValue:
    return render_template("upkeep/machines/form.html", row=access.get_machine(current_actor(), machine_id))


@bp.post("/upkeep/machines/<int:machine_id>/edit")
@only(roles.KEEPS_MACHINES)
def save_machine(machine_id: int) -> ResponseReturnValue:
    row = service.edit(current_actor(), machine_id, _card())
    flash_ok(_("已保存。"))
    return redirect(url_for("upkeep.machine", machine_id=row.id), 303)


@bp.get("/upkeep/m/<token>")
@only(roles.KEEPS_MACHINES)
def label_target(token: str) -> ResponseReturnValue:
    """Behind the code on the machine: its log."""
    row = service.by_token(current_actor(), token)
    return redirect(url_for("upkeep.machine", machine_id=row.id), 303)


@bp.get("/upkeep/machines/<int:machine_id>")
@only(roles.KEEPS_MACHINES)
def machine(machine_id: int) -> ResponseReturnValue:
    """The log of one machine: what is open, what falls due, what its meters say, what was done."""
    actor = current_actor()
    row = access.get_machine(actor, machine_id)
    done = order_queries.of_machine(row.id, is_open=False)
    return render_template(
        "upkeep/machines/machine.html",
        row=row,
        orders=order_queries.of_machine(row.id, is_open=True),
        done=done,
        used=order_queries.parts_used([one.id for one in done]),
        plans=_standings(row),
        meters=_meters(row),
        parts=queries.parts_of(row.id),
        files=store.files_of(row.id),
        shared=row.resource_id is not None,
    )


@bp.get("/upkeep/machines/<int:machine_id>/figures")
@only(roles.KEEPS_MACHINES)
def machine_figures(machine_id: int) -> ResponseReturnValue:
    """Availability and the two means of the last year, each with what was divided by what."""
    row, now = access.get_machine(current_actor(), machine_id), clock.now()
    figures = queries.availability(row, now - limits.PERIOD, now)
    return render_template("upkeep/machines/figures.html", row=row, figures=figures)


def _standings(row: Machine) -> list[plan_queries.Standing]:
    return plan_queries.of_machine(row, clock.today())


def _meters(row: Machine) -> list[dict[str, object]]:
    """Every meter with its last value; a gauge also with its condition and the picture of its line."""
    meters = queries.meters_of(row.id)
    histories = readings.histories(meters, row.overhauled_on, CHART_READINGS)
    found = []
    for meter in meters:
        history = histories[meter.id]
        shown = history[-CHART_READINGS:]
        one: dict[str, object] = {"row": meter, "last": shown[-1] if shown else None}
        if meter.kind == "gauge":
            state = condition(history, meter.limit, row.overhauled_on)
            one |= {"state": state, "chart": chart(shown, state, meter.limit)}
        found.append(one)
    return found


@bp.post("/upkeep/machines/<int:machine_id>/state")
@only(roles.KEEPS_MACHINES)
def machine_state(machine_id: int) -> ResponseReturnValue:
    service.change_state(current_actor(), machine_id, request.form.get("state", ""))
    flash_ok(_("设备状态已更改。"))
    return redirect(url_for("upkeep.machine", machine_id=machine_id), 303)


@bp.post("/upkeep/machines/<int:machine_id>/parts")
@only(roles.KEEPS_MACHINES)
def save_part(machine_id: int) -> ResponseReturnValue:
    form = request.form
    stock, least = whole(form.get("stock", "")), whole(form.get("least") or "0")
    if stock is None or least is None:
        raise Invalid("part_refused")
    service.set_part(current_actor(), machine_id, form.get("part", ""), form.get("number", ""), stock, least)
    flash_ok(_("备件已保存。"))
    return redirect(url_for("upkeep.machine", machine_id=machine_id) + "#parts", 303)


@bp.post("/upkeep/machines/<int:machine_id>/meters")
@only(roles.KEEPS_MACHINES)
def save_meter(machine_id: int) -> ResponseReturnValue:
    form = request.form
    text = form.get("limit", "").strip()
    limit = read_value(text) if text else None
    if text and limit is None:
        raise Invalid("meter_refused", [Reason("meter_limit", {"at": "limit"})])
    wish = service.NewMeter(
        form.get("code", ""),
        form.get("meter_name", ""),
        form.get("unit", ""),
        form.get("kind", ""),
        limit,
    )
    service.set_meter(current_actor(), machine_id, wish)
    flash_ok(_("表计已保存。"))
    return redirect(url_for("upkeep.machine", machine_id=machine_id) + "#meters", 303)


@bp.post("/upkeep/machines/<int:machine_id>/files")
@only(roles.KEEPS_MACHINES)
def add_file(machine_id: int) -> ResponseReturnValue:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid("file_empty")
    data = sent.read(limits.DOCUMENT_BYTES + 1)
    sent.close()
    store.add_document(current_actor(), machine_id, data, sent.filename)
    flash_ok(_("文件已上传。"))
    return redirect(url_for("upkeep.machine", machine_id=machine_id) + "#files", 303)


@bp.get("/upkeep/files/<key>")
@only(roles.KEEPS_MACHINES)
def file(key: str) -> ResponseReturnValue:
    row, data = store.read(current_actor(), key)
    answer: Response = uploads.shown(data, row.media_type, row.name, hashlib.sha256(data).hexdigest())
    return answer


@bp.post("/upkeep/files/<key>/remove")
@only(roles.KEEPS_MACHINES)
def remove_file(key: str) -> ResponseReturnValue:
    row = store.remove(current_actor(), key)
    flash_ok(_("文件已删除。"))
    if row.order_id is not None:
        return redirect(url_for("upkeep.order", order_id=row.order_id), 303)
    return redirect(url_for("upkeep.machine", machine_id=row.machine_id) + "#files", 303)


@bp.get("/upkeep/machines/<int:machine_id>/qr.svg")
@only(roles.KEEPS_MACHINES)
def machine_qr(machine_id: int) -> ResponseReturnValue:
    row = access.get_machine(current_actor(), machine_id)
    address = url_for("upkeep.label_target", token=row.token, _external=True)
    return Response(drawing(address), mimetype="image/svg+xml")


@bp.get("/upkeep/machines/<int:machine_id>/label")
@only(roles.KEEPS_MACHINES)
def machine_label(machine_id: int) -> ResponseReturnValue:
    """A sticker for the machine: its name and the code, ready to print."""
    row = access.get_machine(current_actor(), machine_id)
    owner = identity.get_organisation(row.organisation_id)
    return render_template("upkeep/machines/label.html", row=row, owner=owner)


def beside_outages(actor: Actor, resource_id: int) -> Markup:
    """The plans of a shared machine, where its owner looks for them: beside its outages."""
    try:
        row = access.of_resource(actor, resource_id)
    except (NotAllowed, NotFound):
        return Markup("")
    return Markup(render_template("upkeep/plans/panel.html", row=row, plans=_standings(row), w=LABELS))
