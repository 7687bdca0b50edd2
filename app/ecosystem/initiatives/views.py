"""Pages of initiatives: why it is thought that the cause is outside, who promised what, which problems it answers."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ecosystem.initiatives import queries, service
from app.ecosystem.pages import bp
from app.hall import clock
from app.hall.errors import Invalid, Reason
from app.hall.rooms import doors
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, only, signed_in
from app.identity import door as identity
from app.identity.door import roles


@bp.get("/initiatives")
@only(roles.READS_INITIATIVES)
def initiatives_page() -> ResponseReturnValue:
    found = queries.overviews()
    return render_template(
        "ecosystem/initiatives/initiatives.html",
        rows=found,
        names=identity.member_names([one.lead_id for one in found if one.lead_id]),
    )


@bp.get("/initiatives/<int:initiative_id>")
@only(roles.READS_INITIATIVES)
def initiative(initiative_id: int) -> ResponseReturnValue:
    actor = current_actor()
    one = queries.overview(initiative_id)
    rows = queries.deliverables_of(initiative_id)
    staff = identity.member_names(int(person) for person in identity.park_people())
    return render_template(
        "ecosystem/initiatives/initiative.html",
        one=one,
        rows=rows,
        people=dict(sorted(staff.items(), key=lambda pair: pair[1])),
        names=identity.member_names([row.owner_id for row in rows] + ([one.lead_id] if one.lead_id else [])),
        doors=doors(actor, "initiative", initiative_id),
        runs=actor.may(roles.RUNS_COMMITTEE),
        leads=actor.may(roles.RUNS_COMMITTEE) or one.lead_id == actor.member_id,
        my_id=actor.member_id,
        today=clock.today(),
    )


def _number(name: str) -> int:
    found = whole(request.form.get(name, "").strip())
    if found is None:
        raise Invalid("initiative_incomplete", [Reason("initiative_number_wrong", {"at": name})])
    return found


def _back(initiative_id: int, text: str) -> ResponseReturnValue:
    flash_ok(text)
    return redirect(url_for("ecosystem.initiative", initiative_id=initiative_id), 303)


@bp.post("/initiatives/<int:initiative_id>/agree")
@only(roles.RUNS_COMMITTEE)
def agree_initiative(initiative_id: int) -> ResponseReturnValue:
    service.agree_initiative(current_actor(), initiative_id, _number("lead"))
    return _back(initiative_id, _("已议定牵头人。"))


@bp.post("/initiatives/<int:initiative_id>/promise")
@signed_in
def promise_initiative(initiative_id: int) -> ResponseReturnValue:
    day = clock.read_day(request.form.get("promised_on"))
    if day is None:
        raise Invalid("initiative_incomplete", [Reason("initiative_day_wrong", {"at": "promised_on"})])
    wanted = service.Promise(
        request.form.get("what", ""), _number("owner"), _number("quantity"), request.form.get("unit", ""), day
    )
    service.promise(current_actor(), initiative_id, wanted)
    return _back(initiative_id, _("已写入交付物。"))


@bp.post("/initiatives/<int:initiative_id>/deliver/<int:deliverable_id>")
@signed_in
def deliver_initiative(initiative_id: int, deliverable_id: int) -> ResponseReturnValue:
    service.deliver(current_actor(), initiative_id, deliverable_id, _number("delivered"))
    return _back(initiative_id, _("已更新交付数量。"))


@bp.post("/initiatives/<int:initiative_id>/end")
@signed_in
def end_initiative(initiative_id: int) -> ResponseReturnValue:
    service.end_initiative(current_actor(), initiative_id, request.form.get("text", "")[:2000])
    return _back(initiative_id, _("协同行动已完成，转入的问题已逐一答复企业。"))


@bp.post("/initiatives/<int:initiative_id>/drop")
@only(roles.RUNS_COMMITTEE)
def drop_initiative(initiative_id: int) -> ResponseReturnValue:
    service.drop_initiative(current_actor(), initiative_id, request.form.get("reason", "")[:500])
    return _back(initiative_id, _("已放弃，转入的问题退回原责任人。"))
