"""What the calls of strength answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.chain.strength.service import Place


class StrengthList(TypedDict):
    items: list[Place]
    total: int
    chain: str
    version: int
