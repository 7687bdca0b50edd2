"""The page of the starter set and of the park's first days."""

from __future__ import annotations

from dataclasses import asdict

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, only
from app.identity.pages import bp
from app.identity.roles import RUNS_THE_PARK, SEES_STARTER_SETS
from app.identity.starter import service as starter
from app.identity.starter.words import STATE_NAMES, STEP_NAMES, line_note


@bp.get("/identity/starter")
@only(SEES_STARTER_SETS)
def starter_page() -> ResponseReturnValue:
    row = starter.latest()
    may_decide = current_actor().may(RUNS_THE_PARK)
    return render_template(
        "identity/starter/starter.html",
        offers=[asdict(one) for one in starter.offers()],
        row=row,
        may_decide=may_decide,
        own=row is not None and row.by_id == current_actor().member_id,
        steps=starter.park_steps() if may_decide else [],
        line_note=line_note,
        state_names=STATE_NAMES,
        step_names=STEP_NAMES,
    )


@bp.post("/identity/starter")
@only(RUNS_THE_PARK)
def propose_starter() -> ResponseReturnValue:
    kept = set(request.form.getlist("keep"))
    struck = [one.key for one in starter.offers() if one.key not in kept]
    starter.propose(current_actor(), struck, request.form.get("reason", "")[:500])
    flash_ok(_("起步清单已提交，请另一位管理员复核。"))
    return redirect(url_for("identity.starter_page"), 303)


@bp.post("/identity/starter/<int:set_id>")
@only(RUNS_THE_PARK)
def decide_starter(set_id: int) -> ResponseReturnValue:
    agree = request.form.get("decision") == "agree"
    starter.decide(current_actor(), set_id, agree, request.form.get("reason", "")[:500])
    flash_ok(_("起步清单已接管，所留各项已生效。") if agree else _("起步清单已拒绝。"))
    return redirect(url_for("identity.starter_page"), 303)
