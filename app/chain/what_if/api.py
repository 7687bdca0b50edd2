"""What-ifs over the API."""

from __future__ import annotations

from app.chain.pages import api
from app.chain.register import service as chains
from app.chain.what_if import service as what_if
from app.chain.what_if import shapes
from app.chain.what_if.rules import Wish, newcomers
from app.chain.what_if.schemas import WhatIfBody, answer
from app.hall.web.guards import only
from app.identity.door import roles


@api.post("/what-if")
@only(roles.SEES_CHAINS)
def what_if_now(body: WhatIfBody) -> shapes.WhatIfKept:
    chain = chains.get_chain(body.chain)
    wish = Wish(
        newcomers([row.model_dump() for row in body.positions]),
        tuple(body.prospects),
        tuple(body.without),
    )
    return answer(what_if.run(chain, wish))
