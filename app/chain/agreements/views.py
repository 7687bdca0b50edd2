"""Two firms say yes or no to each other."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.chain.agreements import service as agreements
from app.chain.limits import LARGEST_DEAL_WAN
from app.chain.pages import bp, chain_for, visible_firm
from app.chain.partners.rules import Meant
from app.chain.partners.schemas import side_of
from app.hall.errors import Invalid, NotFound
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, signed_in
from app.hall.web.money import in_wan


def _value(text: str) -> float:
    try:
        value = float(in_wan(text))
    except ValueError:
        raise Invalid("chain_match_needs_value") from None
    if not 0 < value <= LARGEST_DEAL_WAN:
        raise Invalid("chain_match_needs_value")
    return value


@bp.post("/firms/<code>/matches")
@signed_in
def decide_match(code: str) -> ResponseReturnValue:
    actor = current_actor()
    firm = visible_firm(code)
    chain = chain_for(firm)
    form = request.form
    side = side_of(form)
    meant = Meant(side, form.get("partner", ""), form.get("segment", ""))
    if form.get("decision") == "decline":
        agreements.decline(actor, chain, firm, meant, form.get("reason", ""))
        flash_ok(_("已记录：不再推荐这一对企业。"))
    else:
        row = agreements.ask(actor, chain, firm, meant, _value(form.get("value_wan", "")))
        flash_ok(_("合作已达成。") if row.state == "agreed" else _("意向已发出，等待对方答复。"))
    return redirect(url_for("chain.firm_matches", code=code, side=side, chain=chain.code), 303)


@bp.post("/matches/<int:decision_id>/<step>")
@signed_in
def answer_match(decision_id: int, step: str) -> ResponseReturnValue:
    actor = current_actor()
    _row, firm = agreements.get_decision(actor, decision_id)
    chain = chain_for(firm)
    if step == "agree":
        agreements.agree(actor, chain, decision_id)
        flash_ok(_("合作已达成，双方可以看到对方名称。"))
    elif step == "decline":
        agreements.decline_asked(actor, decision_id, request.form.get("reason", ""))
        flash_ok(_("已婉拒，不再推荐这一对企业。"))
    else:
        raise NotFound("chain_match_not_found")
    return redirect(url_for("chain.firm_matches", code=firm.code, chain=chain.code), 303)
