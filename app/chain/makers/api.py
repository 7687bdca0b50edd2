"""`GET /chain/makers?q=`: who makes what a text describes."""

from __future__ import annotations

import dataclasses

from app.chain.makers import service as makers
from app.chain.makers.schemas import MakersQuery
from app.chain.pages import api
from app.hall.api.blueprint import listed_part
from app.hall.web.guards import only
from app.identity.door import roles


@api.get("/makers")
@only(roles.SEES_CHAINS)
def find_makers(query: MakersQuery) -> dict[str, object]:
    """Firms and prospects that make something like it, best first, each with the row that says so."""
    found = [dataclasses.asdict(maker) for maker in makers.search(query.q, query.top)]
    return listed_part(found, query)
