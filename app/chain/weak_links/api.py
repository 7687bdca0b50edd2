"""The assessment over the API."""

from __future__ import annotations

from app.chain.pages import api
from app.chain.register import service as chains
from app.chain.weak_links import shapes
from app.chain.weak_links.schemas import SegmentsQuery, assessment_answer
from app.chain.weak_links.service import assessment
from app.hall.text import language
from app.hall.web.guards import only
from app.identity.door import roles


@api.get("/segments")
@only(roles.SEES_CHAINS)
def segments(query: SegmentsQuery) -> shapes.ChainAssessment:
    chain = chains.get_chain(query.chain)
    found = assessment(chain, query.by)
    answer: shapes.Assessment = assessment_answer(found, chains.chain_facts(chain), language.lang())
    return {
        **answer,
        "chain": chain.code,
        "version": chain.version,
        "updated_at": chain.updated_at.isoformat(),
    }
