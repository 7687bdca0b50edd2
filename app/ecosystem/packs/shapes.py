"""What the calls of packs answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.ecosystem.packs.rules import Line
from app.hall.api.shapes import DayText


class Pack(TypedDict):
    id: int
    name: str
    industry: str
    segment: str | None
    state: str
    expires_on: DayText
    opened_count: int
    items: int


class IndustryPack(TypedDict):
    code: str
    name_zh: str
    name_en: str
    resource_words: list[str]
    offer_tags: list[str]
    lines: list[Line]


class PackShared(Pack):
    path: str


class PackItem(TypedDict):
    id: int
    kind: str
    title: str
    reason: str
    organisation: str | None
    state: str
    due_days: int | None


class PackOutcome(TypedDict):
    metric: str
    unit: str
    change: float


class WholePack(Pack):
    contents: list[PackItem]
    introductions: list[int]
    confirmed: list[PackOutcome]
