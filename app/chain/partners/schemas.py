"""What the API and the pages ask of partners."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from werkzeug.datastructures import MultiDict

from app.chain.schemas import ChainQuery


class MatchQuery(ChainQuery):
    side: Literal["suppliers", "customers"] = "suppliers"
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=100_000)


def side_of(values: MultiDict[str, str]) -> str:
    return "customers" if values.get("side") == "customers" else "suppliers"
