"""Partners over the API."""

from __future__ import annotations

from app.chain.pages import api
from app.chain.partners import service as matches
from app.chain.partners import shapes
from app.chain.partners.schemas import MatchQuery
from app.chain.register import service as chains
from app.chain.schemas import FirmPath
from app.hall.api.blueprint import listed
from app.hall.web.guards import current_actor, signed_in
from app.identity.door import roles


@api.get("/enterprises/<code>/matches")
@signed_in
def enterprise_matches(path: FirmPath, query: MatchQuery) -> shapes.ChainMatches:
    chain = chains.get_chain(query.chain)
    firm = chains.get_firm(path.code)
    rows = matches.list_matches(current_actor(), chain, firm, query.side)
    part = rows[query.offset : query.offset + query.limit]
    items: list[shapes.ChainMatch] = [
        {
            "enterprise": row.handle,
            "name": row.name,
            "masked": row.masked,
            "segment": row.match.segment,
            "score": round(row.score, 6),
            "value_wan": row.value_wan,
            "state": row.state,
            "reasons": list(row.reasons),
        }
        for row in part
    ]
    answer: shapes.ChainMatches = {**listed(items, len(rows))}
    if current_actor().may(roles.SEES_CHAINS):
        learnt = matches.market(chain).learnt
        answer["weights"] = learnt.weights
        answer["learnt_from"] = learnt.choices
    return answer
