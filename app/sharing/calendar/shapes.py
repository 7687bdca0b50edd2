"""Times as the calls write them."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import MinuteText


class FreeTime(TypedDict):
    start: MinuteText
    end: MinuteText
