"""`GET /chain/makers?q=`: who makes what a text describes."""

from __future__ import annotations

import dataclasses
from typing import Any

from pydantic import Field

from app.api import PartQuery, listed_part
from app.chain.api import api
from app.chain.service import chains, makers
from app.web import roles


class MakersQuery(PartQuery):
    q: str = Field(min_length=1, max_length=makers.LONGEST)
    top: int = Field(10, ge=1, le=100)


@api.get("/makers")
@roles(*chains.STAFF)
def find_makers(query: MakersQuery) -> Any:
    """Firms and prospects that make something like it, best first, each with the row that says so."""
    found = [dataclasses.asdict(maker) for maker in makers.search(query.q, query.top)]
    return listed_part(found, query)
