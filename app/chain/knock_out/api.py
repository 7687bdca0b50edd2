"""Knock-outs over the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.chain.knock_out import shapes
from app.chain.knock_out.schemas import KnockOutQuery
from app.chain.knock_out.service import supply_network
from app.chain.pages import api
from app.chain.register import service as chains
from app.hall.api.blueprint import listed, part_of
from app.hall.api.shapes import Listed
from app.hall.web.guards import only
from app.identity.door import roles

if TYPE_CHECKING:
    from app.chain.knock_out.rules import Outcome, Stop


@api.get("/knock-out")
@only(roles.SEES_CHAINS)
def knock_out(query: KnockOutQuery) -> shapes.FirmKnockOut | Listed[shapes.KnockOut]:
    from app.chain.knock_out.rules import ordered

    chain = chains.get_chain(query.chain)
    found = chains.chain_facts(chain)
    network = supply_network(chain)
    names = found.firm_names()
    if query.firm:
        if query.firm not in network:
            chains.get_firm(query.firm)
            return {"enterprise": query.firm, "stopped": 0, "halted_output_wan": 0.0, "depth": 0, "firms": []}
        one = network.outcome(query.firm)
        return {
            "enterprise": one.enterprise,
            "stopped": one.stopped,
            "halted_output_wan": one.halted_output_wan,
            "depth": one.depth,
            "firms": [_stop(row, names) for row in network.stops(query.firm)],
        }
    rows = ordered(list(network.outcomes()))
    part = part_of(rows, query)
    return listed([_outcome(row, names) for row in part], len(rows))


def _stop(row: Stop, names: Mapping[str, str]) -> shapes.StoppedFirm:
    return {
        "enterprise": row.enterprise,
        "name": names.get(row.enterprise, ""),
        "depth": row.depth,
        "segment": row.segment,
        "path": list(row.path),
    }


def _outcome(row: Outcome, names: Mapping[str, str]) -> shapes.KnockOut:
    return {
        "enterprise": row.enterprise,
        "name": names.get(row.enterprise, ""),
        "stopped": row.stopped,
        "halted_output_wan": row.halted_output_wan,
        "depth": row.depth,
    }
