"""What the calls of register answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import MomentText


class Chain(TypedDict):
    chain: str
    name: str
    state: str
    version: int
    updated_at: MomentText
