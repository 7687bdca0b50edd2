"""The page where two administrators erase what a person said, with what stays and why."""

from __future__ import annotations

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall.db.base import db
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only
from app.identity.members.models import Member
from app.identity.pages import bp
from app.identity.privacy import erasure
from app.identity.privacy.schemas import ErasureForm
from app.identity.privacy.words import GOES, STATES, STAYS
from app.identity.roles import RUNS_THE_PARK, SEES_ERASURES


@bp.route("/privacy/erasures", methods=["GET", "POST"])
@only(SEES_ERASURES)
def erasures() -> ResponseReturnValue:
    actor, form = current_actor(), ErasureForm()
    if form.validate_on_submit():
        with refusals_to(form):
            erasure.ask(actor, form.login.data, form.reason.data)
            flash_ok(_("已发起，等待另一位管理员决定。"))
            return redirect(url_for("identity.erasures"), 303)
    found = erasure.list_erasures(actor)
    people = {one for row in found for one in (row.member_id, row.asked_by_id, row.decided_by_id) if one}
    named = db.session.execute(sa.select(Member.id, Member.name).where(Member.id.in_(people)))
    return render_template(
        "identity/privacy/erasures.html",
        form=form,
        rows=[(row, erasure.may_decide(actor, row)) for row in found],
        names={row.id: row.name for row in named},
        states=STATES,
        goes=GOES,
        stays=STAYS,
        may_ask=actor.may(RUNS_THE_PARK),
    ), form_status(form)


@bp.post("/privacy/erasures/<int:erasure_id>/decide")
@only(RUNS_THE_PARK)
def decide_erasure(erasure_id: int) -> ResponseReturnValue:
    agree = request.form.get("decision") == "agree"
    erasure.decide(current_actor(), erasure_id, agree)
    flash_ok(_("已同意，文字正在删除。") if agree else _("已拒绝。"))
    return redirect(url_for("identity.erasures"), 303)
