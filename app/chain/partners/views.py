"""Partners for a firm."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.chain.agreements import service as agreements
from app.chain.firms import service as dossiers
from app.chain.limits import FIRMS_PER_PAGE
from app.chain.orders import service as orders
from app.chain.pages import bp, chain_for, chosen_chain, visible_firm
from app.chain.partners import service as matches
from app.chain.partners.schemas import side_of
from app.chain.register import service as chains
from app.chain.what_if.rules import firms_by_output
from app.hall.text import language
from app.hall.web.guards import current_actor, signed_in
from app.hall.web.listing import Listing
from app.identity.door import roles


@bp.get("/my-matches")
@signed_in
def my_matches() -> ResponseReturnValue:
    """A firm's own page; staff choose a firm first."""
    actor = current_actor()
    if not chains.list_chains():
        return redirect(url_for("chain.index"), 303)
    own = chains.own_firm(actor)
    if own is not None:
        return redirect(url_for("chain.firm_matches", code=own.code, side=side_of(request.args)), 303)
    if not actor.may(roles.SEES_CHAINS):
        return render_template("chain/partners/no_position.html")
    chain = chosen_chain()
    found = chains.chain_facts(chain)
    names = found.names(language.lang())
    listing = Listing.from_request({"code": "code"}, "code", per_page=FIRMS_PER_PAGE)
    word = listing.q.lower()
    rows = [
        (firm, [names.get(code, code) for code in firm.segments])
        for firm in sorted(firms_by_output(found), key=lambda firm: firm.code)
    ]
    rows = [row for row in rows if word in f"{row[0].name} {row[0].code} {' '.join(row[1])}".lower()]
    return render_template(
        "chain/partners/firms.html",
        chain=chain,
        chains=chains.list_chains(),
        listing=listing,
        page=listing.slice(rows),
        waiting=dossiers.waiting_corrections() if actor.may(roles.EDITS_CHAINS) else [],
    )


@bp.get("/firms/<code>/matches")
@signed_in
def firm_matches(code: str) -> ResponseReturnValue:
    actor = current_actor()
    firm = visible_firm(code)
    chain = chain_for(firm)
    side = side_of(request.args)
    rows = matches.list_matches(actor, chain, firm, side)
    told = agreements.decisions(actor, chain, firm)
    own = firm.organisation_id == actor.organisation_id
    return render_template(
        "chain/partners/matches.html",
        chain=chain,
        firm=firm,
        name=chains.firm_names([firm])[firm.id],
        side=side,
        rows=rows,
        told=told,
        orders=orders.orders_of(chain, firm),
        names=chains.chain_facts(chain).names(language.lang()),
        may_act=actor.may(roles.EDITS_CHAINS) or (own and actor.may(roles.MANAGES_OWN_FIRM)),
        staff=actor.may(roles.SEES_CHAINS),
    )
