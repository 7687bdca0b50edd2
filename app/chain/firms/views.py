"""One firm's page, and its own say on its position."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.chain.firms import freshness
from app.chain.firms import service as dossiers
from app.chain.firms.schemas import Correction
from app.chain.pages import bp, chain_for, visible_firm
from app.chain.register import contributions
from app.chain.register import service as chains
from app.hall import clock
from app.hall.errors import NotFound
from app.hall.text import language
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, only, signed_in
from app.hall.web.money import in_wan
from app.identity import door as identity
from app.identity.door import roles


@bp.get("/firms/<code>")
@signed_in
def firm(code: str) -> ResponseReturnValue:
    actor = current_actor()
    row = visible_firm(code)
    chain = chain_for(row)
    own = row.organisation_id == actor.organisation_id and row.organisation_id is not None
    found = dossiers.dossier(chain, row, staff=actor.may(roles.SEES_CHAINS))
    return render_template(
        "chain/firms/firm.html",
        chain=chain,
        firm=row,
        d=found,
        staff=actor.may(roles.SEES_CHAINS),
        own=own,
        may_correct=own and actor.may(roles.MANAGES_OWN_FIRM),
        may_decide=actor.may(roles.EDITS_CHAINS),
        printed_at=clock.now(),
        age_of=freshness.age_of,
        people=identity.member_names(p.confirmed_by for p, *_rest in found["positions"] if p.confirmed_by),
        shared=contributions.shared_by(actor, row.organisation_id),
        names=chains.chain_facts(chain).names(language.lang()),
    )


@bp.post("/firms/<code>/still-so")
@only(roles.MANAGES_OWN_FIRM)
def still_so(code: str) -> ResponseReturnValue:
    """One click once a quarter: what is registered of us still holds."""
    row = visible_firm(code)
    freshness.still_so(current_actor(), row)
    flash_ok(_("已确认，谢谢：数据仍然准确。"))
    return redirect(url_for("chain.firm", code=code, chain=chain_for(row).code), 303)


@bp.post("/firms/<code>/corrections")
@signed_in
def correct(code: str) -> ResponseReturnValue:
    row = visible_firm(code)
    form = request.form
    dossiers.propose(
        current_actor(),
        row,
        form.get("position", type=int) or 0,
        Correction(
            in_wan(form.get("output_wan", "")),
            in_wan(form.get("capacity_wan", "")),
            form.get("products", ""),
            form.get("note", ""),
        ),
    )
    flash_ok(_("更正已提交，园区确认后生效。"))
    return redirect(url_for("chain.firm", code=code, chain=chain_for(row).code), 303)


@bp.post("/corrections/<int:correction_id>/<step>")
@only(roles.EDITS_CHAINS)
def decide_correction(correction_id: int, step: str) -> ResponseReturnValue:
    if step not in ("confirm", "reject"):
        raise NotFound("chain_correction_not_found")
    firm_code = dossiers.decide(current_actor(), correction_id, step == "confirm")
    flash_ok(_("更正已确认。") if step == "confirm" else _("更正已退回。"))
    return redirect(url_for("chain.firm", code=firm_code), 303)
