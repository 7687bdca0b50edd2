"""What the calls of organisations answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict


class Enterprise(TypedDict):
    id: int
    code: str
    name_zh: str
    name_en: str
    industry: str
    size: str
    building: str
    status: str
