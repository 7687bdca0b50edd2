"""Partners for a firm, its dossier, and its own say on its position."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, language
from app.chain.models import ChainFirm, IndustryChain
from app.chain.service import beyond, chains, dossiers, matches, orders, what_if
from app.chain.views import bp
from app.chain.views.atlas import chosen_chain
from app.errors import Invalid, NotFound
from app.web import Listing, current_actor, flash_ok, roles, signed_in


def _side(values: Any) -> str:
    return "customers" if values.get("side") == "customers" else "suppliers"


@bp.get("/my-matches")
@signed_in
def my_matches() -> Any:
    """A firm's own page; staff choose a firm first."""
    actor = current_actor()
    if not chains.list_chains():
        return redirect(url_for("chain.index"), 303)
    own = chains.own_firm(actor)
    if own is not None:
        return redirect(url_for("chain.firm_matches", code=own.code, side=_side(request.args)), 303)
    if not actor.has(*chains.STAFF):
        return render_template("chain/no_position.html")
    chain = chosen_chain()
    found = chains.chain_facts(chain)
    names = found.names(language.lang())
    listing = Listing.from_request({"code": "code"}, "code", per_page=30)
    word = listing.q.lower()
    rows = [
        (firm, [names.get(code, code) for code in firm.segments])
        for firm in sorted(what_if.firms_by_output(found), key=lambda firm: firm.code)
    ]
    rows = [row for row in rows if word in f"{row[0].name} {row[0].code} {' '.join(row[1])}".lower()]
    return render_template(
        "chain/firms.html", chain=chain, chains=chains.list_chains(), listing=listing, page=listing.slice(rows),
        waiting=dossiers.waiting_corrections() if actor.has(*chains.EDITORS) else [],
    )  # fmt: skip


def _visible(code: str) -> ChainFirm:
    firm = chains.get_firm(code)
    if not chains.may_see_firm(current_actor(), firm):
        raise NotFound("chain_firm_not_found", code=code)
    return firm


def _chain_for(firm: ChainFirm) -> IndustryChain:
    """The chain that was asked for, else the one the firm stands on."""
    asked = request.args.get("chain") or request.form.get("chain")
    return chains.get_chain(asked) if asked else chains.home_of(firm)


@bp.get("/firms/<code>/matches")
@signed_in
def firm_matches(code: str) -> Any:
    actor = current_actor()
    firm = _visible(code)
    chain = _chain_for(firm)
    side = _side(request.args)
    rows = matches.list_matches(actor, chain, firm, side)
    told = matches.decisions(actor, chain, firm)
    own = firm.organisation_id == actor.organisation_id
    return render_template(
        "chain/matches.html", chain=chain, firm=firm, name=chains.firm_names([firm])[firm.id], side=side, rows=rows,
        told=told, orders=orders.orders_of(chain, firm), names=chains.chain_facts(chain).names(language.lang()),
        may_act=actor.has(*chains.EDITORS) or (own and actor.has("enterprise_admin")),
        staff=actor.has(*chains.STAFF),
    )  # fmt: skip


def _value(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise Invalid("chain_match_needs_value") from None
    if not 0 < value <= 1e9:
        raise Invalid("chain_match_needs_value")
    return value


@bp.post("/firms/<code>/matches")
@signed_in
def decide_match(code: str) -> Any:
    actor = current_actor()
    firm = _visible(code)
    chain = _chain_for(firm)
    form = request.form
    side = _side(form)
    handle, segment = form.get("partner", ""), form.get("segment", "")
    if form.get("decision") == "decline":
        matches.decline(actor, chain, firm, side, handle, segment, form.get("reason", ""))
        flash_ok(_("已记录：不再推荐这一对企业。"))
    else:
        row = matches.ask(actor, chain, firm, side, handle, segment, _value(form.get("value_wan", "")))
        flash_ok(_("合作已达成。") if row.state == "agreed" else _("意向已发出，等待对方答复。"))
    return redirect(url_for("chain.firm_matches", code=code, side=side, chain=chain.code), 303)


@bp.post("/matches/<int:decision_id>/<step>")
@signed_in
def answer_match(decision_id: int, step: str) -> Any:
    actor = current_actor()
    _row, firm = matches.get_decision(actor, decision_id)
    chain = _chain_for(firm)
    if step == "agree":
        matches.agree(actor, chain, decision_id)
        flash_ok(_("合作已达成，双方可以看到对方名称。"))
    elif step == "decline":
        matches.decline_asked(actor, decision_id, request.form.get("reason", ""))
        flash_ok(_("已婉拒，不再推荐这一对企业。"))
    else:
        raise NotFound("chain_match_not_found")
    return redirect(url_for("chain.firm_matches", code=firm.code, chain=chain.code), 303)


@bp.get("/firms/<code>")
@signed_in
def firm(code: str) -> Any:
    actor = current_actor()
    row = _visible(code)
    chain = _chain_for(row)
    own = row.organisation_id == actor.organisation_id and row.organisation_id is not None
    return render_template(
        "chain/firm.html", chain=chain, firm=row, d=dossiers.dossier(chain, row, staff=actor.has(*chains.STAFF)),
        staff=actor.has(*chains.STAFF), own=own, may_correct=own and actor.has("enterprise_admin"),
        may_decide=actor.has(*chains.EDITORS), printed_at=clock.now(), shared=beyond.shared_by(actor, row.organisation_id), names=chains.chain_facts(chain).names(language.lang()),
    )  # fmt: skip


@bp.post("/firms/<code>/corrections")
@signed_in
def correct(code: str) -> Any:
    row = _visible(code)
    form = request.form
    dossiers.propose(
        current_actor(), row, form.get("position", type=int) or 0, form.get("output_wan", ""),
        form.get("capacity_wan", ""), form.get("products", ""), form.get("note", ""),
    )  # fmt: skip
    flash_ok(_("更正已提交，园区确认后生效。"))
    return redirect(url_for("chain.firm", code=code, chain=_chain_for(row).code), 303)


@bp.post("/corrections/<int:correction_id>/<step>")
@roles(*chains.EDITORS)
def decide_correction(correction_id: int, step: str) -> Any:
    if step not in ("confirm", "reject"):
        raise NotFound("chain_correction_not_found")
    firm_code = dossiers.decide(current_actor(), correction_id, step == "confirm")
    flash_ok(_("更正已确认。") if step == "confirm" else _("更正已退回。"))
    return redirect(url_for("chain.firm", code=firm_code), 303)
