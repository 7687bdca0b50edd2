"""Systemic risk, and how far its computation is."""

from __future__ import annotations

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.chain.limits import ROWS_PER_PAGE
from app.chain.pages import bp, chosen_chain
from app.chain.register import service as chains
from app.chain.risk import service as risks
from app.hall.web.guards import only
from app.hall.web.listing import Listing
from app.identity.door import roles


@bp.get("/risk")
@only(roles.SEES_CHAINS)
def risk() -> ResponseReturnValue:
    from app.chain.risk.rules import EPSILONS

    chain = chosen_chain()
    found = chains.chain_facts(chain)
    run = risks.standing(chain, again=request.args.get("again") == "1")
    names = found.firm_names()
    listing = Listing.from_request({}, "", per_page=ROWS_PER_PAGE)
    word = listing.q.lower()
    rows = [
        (place, row)
        for place, row in enumerate(run.rows or (), start=1)
        if word in f"{row.enterprise} {names.get(row.enterprise, '')}".lower()
    ]
    return render_template(
        "chain/risk/risk.html",
        chain=chain,
        chains=chains.list_chains(),
        page=listing.slice(rows),
        listing=listing,
        has_supply=bool(found.supplies),
        run=run,
        names=names,
        epsilons=EPSILONS,
    )


@bp.get("/risk/progress")
@only(roles.SEES_CHAINS)
def risk_progress() -> ResponseReturnValue:
    """How far the computation is; when it has ended the page is told to load itself again."""
    chain = chosen_chain()
    run = risks.standing(chain)
    reply = make_response(render_template("chain/risk/progress.html", chain=chain, run=run))
    if run.ended.is_set():
        reply.headers["HX-Refresh"] = "true"
    return reply
