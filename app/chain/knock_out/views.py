"""What stops if a firm stops."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.chain.limits import FIRMS_TO_PICK
from app.chain.pages import bp, chosen_chain
from app.chain.register import service as chains
from app.hall.text import language
from app.hall.web.guards import only
from app.identity.door import roles


@bp.get("/knock-out")
@only(roles.SEES_CHAINS)
def knock_out() -> ResponseReturnValue:
    from app.chain.knock_out.rules import Network, ordered

    chain = chosen_chain()
    found = chains.chain_facts(chain)
    network = chains.kept("network", chain, language.lang(), lambda: Network(found))
    names = found.firm_names()
    asked = request.args.get("firm", "").strip()[:100]
    firm = (
        asked
        if asked in network
        else next((c for c, n in sorted(names.items()) if asked and asked in n), asked)
    )
    segment_names = found.names(language.lang())
    every = chains.kept("outcomes", chain, language.lang(), lambda: ordered(list(network.outcomes())))
    worst = [row for row in every if row.stopped][:100]
    stops = network.stops(firm) if firm in network else []
    return render_template(
        "chain/knock_out/knock_out.html",
        chain=chain,
        chains=chains.list_chains(),
        firm=firm if firm in network else "",
        asked=asked,
        most=FIRMS_TO_PICK,
        outcome=network.outcome(firm) if firm in network else None,
        stops=stops,
        worst=worst,
        quiet=len(every) - len(worst),
        every=sorted(names.items(), key=lambda item: item[0]) or [],
        names=names,
        segment_names=segment_names,
        has_supply=bool(found.supplies),
    )
