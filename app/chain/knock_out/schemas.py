"""What the API asks of a knock-out."""

from __future__ import annotations

from pydantic import Field

from app.hall.api.fields import PageQuery


class KnockOutQuery(PageQuery):
    chain: str = Field("", max_length=64)
    firm: str = Field("", max_length=64)
