"""`GET /chain/makers?q=`: who makes what a text describes."""

from __future__ import annotations

from app.chain.makers import service as makers
from app.chain.makers.schemas import MakersQuery
from app.chain.makers.service import Maker
from app.chain.pages import api
from app.hall.api.blueprint import listed_part
from app.hall.api.shapes import Listed
from app.hall.web.guards import only
from app.identity.door import roles


@api.get("/makers")
@only(roles.SEES_CHAINS)
def find_makers(query: MakersQuery) -> Listed[Maker]:
    """Firms and prospects that make something like it, best first, each with the row that says so."""
    return listed_part(makers.search(query.q, query.top), query)
