"""What the API asks of the makers search."""

from __future__ import annotations

from pydantic import Field

from app.chain.limits import LONGEST_QUERY
from app.hall.api.fields import PartQuery


class MakersQuery(PartQuery):
    q: str = Field(min_length=1, max_length=LONGEST_QUERY)
    top: int = Field(10, ge=1, le=100)
