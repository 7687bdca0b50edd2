"""The chains of the park over the API."""

from __future__ import annotations

from app.chain.pages import api
from app.chain.register import service as chains
from app.chain.register import shapes
from app.hall.api.blueprint import listed_part
from app.hall.api.fields import PartQuery
from app.hall.api.shapes import Listed
from app.hall.web.guards import signed_in


@api.get("/chains")
@signed_in
def list_chains(query: PartQuery) -> Listed[shapes.Chain]:
    rows = chains.list_chains()
    items: list[shapes.Chain] = [
        {
            "chain": row.code,
            "name": chains.chain_name(row),
            "state": row.state,
            "version": row.version,
            "updated_at": row.updated_at.isoformat(),
        }
        for row in rows
    ]
    return listed_part(items, query)
