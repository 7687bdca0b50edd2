"""Strength and place over the API."""

from __future__ import annotations

from app.chain.pages import api
from app.chain.register import service as chains
from app.chain.schemas import ChainPartQuery
from app.chain.strength import service as places
from app.chain.strength import shapes
from app.hall.api.blueprint import listed_part
from app.hall.web.guards import only
from app.identity.door import roles


@api.get("/strength")
@only(roles.SEES_CHAINS)
def strength(query: ChainPartQuery) -> shapes.StrengthList:
    """Place and strength of every segment: location quotients, linkages, upstreamness, relatedness."""

    chain = chains.get_chain(query.chain)
    found = places.places(chain)
    return {
        **listed_part([found[code] for code in sorted(found)], query),
        "chain": chain.code,
        "version": chain.version,
    }
