"""Systemic risk over the API."""

from __future__ import annotations

from app.chain.pages import api
from app.chain.register import service as chains
from app.chain.risk import shapes
from app.chain.risk.schemas import RiskQuery
from app.hall.api.blueprint import listed, part_of
from app.hall.web.guards import only
from app.identity.door import roles


@api.get("/risk")
@only(roles.SEES_CHAINS)
def risk(query: RiskQuery) -> shapes.RiskList:
    from app.chain.risk.rules import systemic_risk

    chain = chains.get_chain(query.chain)
    found = chains.chain_facts(chain)
    rows = chains.kept(
        "risk",
        chain,
        (query.epsilon, query.substitution),
        lambda: sorted(
            systemic_risk(found, query.epsilon, query.substitution),
            key=lambda row: (-row.risk, row.enterprise),
        ),
    )
    part = part_of(rows, query)
    return {
        **listed(list(part), len(rows)),
        "epsilon": query.epsilon,
        "substitution": query.substitution,
    }
