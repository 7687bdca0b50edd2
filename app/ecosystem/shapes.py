"""What several calls of the room answer alike."""

from __future__ import annotations

from typing_extensions import TypedDict


class Named(TypedDict):
    """An organisation by code and name."""

    code: str
    name: str
