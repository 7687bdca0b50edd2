"""Knock-outs over the API."""

from __future__ import annotations

import dataclasses

from app.chain.knock_out.schemas import KnockOutQuery
from app.chain.knock_out.service import supply_network
from app.chain.pages import api
from app.chain.register import service as chains
from app.hall.api.blueprint import listed, part_of
from app.hall.web.guards import only
from app.identity.door import roles


@api.get("/knock-out")
@only(roles.SEES_CHAINS)
def knock_out(query: KnockOutQuery) -> dict[str, object]:
    from app.chain.knock_out.rules import ordered

    chain = chains.get_chain(query.chain)
    found = chains.chain_facts(chain)
    network = supply_network(chain)
    names = found.firm_names()
    if query.firm:
        if query.firm not in network:
            chains.get_firm(query.firm)
            return {"enterprise": query.firm, "stopped": 0, "halted_output_wan": 0.0, "depth": 0, "firms": []}
        stops = [
            dataclasses.asdict(row) | {"name": names.get(row.enterprise, "")}
            for row in network.stops(query.firm)
        ]
        return dataclasses.asdict(network.outcome(query.firm)) | {"firms": stops}
    rows = ordered(list(network.outcomes()))
    part = part_of(rows, query)
    return listed(
        [dataclasses.asdict(row) | {"name": names.get(row.enterprise, "")} for row in part], len(rows)
    )
