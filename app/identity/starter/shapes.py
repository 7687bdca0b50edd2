"""What the calls of starter answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict


class StarterDecided(TypedDict):
    id: int
    state: str


class StarterProposed(TypedDict):
    id: int
    state: str
    lines: int
