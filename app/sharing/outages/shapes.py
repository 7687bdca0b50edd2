"""What the calls of outages answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import MinuteText


class Outage(TypedDict):
    id: int
    resource: int
    start: MinuteText
    end: MinuteText
    kind: str
    reason: str
    cancelled: list[int]
    waitlist_offers: int
