"""Approving a claim reads top to bottom: how often the way leads from one file of the rooms to another is counted."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import Any

from tests.credits.conftest import CreditsPark

APP = Path(__file__).resolve().parents[3] / "app"
STOPS, RETURNS = 10, 3  # the ninth stop asks whether the reviewer stands apart from who handed it in


def _room_file(frame: FrameType | None) -> str:
    """The file below `app` that this frame, or the nearest caller in `app`, runs in."""
    while frame is not None and not frame.f_code.co_filename.startswith(str(APP)):
        frame = frame.f_back
    return str(Path(frame.f_code.co_filename).relative_to(APP)) if frame is not None else ""


def test_a_claim_is_approved_in_ten_stops(credits_park: CreditsPark) -> None:
    claim = credits_park.claim("e01", "invention_patent", "ZL 2026 1 0000001.9").json["id"]
    browser = credits_park.browse("reviewer")
    calls: list[tuple[str, str]] = []

    def watch(frame: FrameType, event: str, _value: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(str(APP)):
            here, caller = _room_file(frame), _room_file(frame.f_back)
            if here != caller and not here.startswith("hall/") and not caller.startswith("hall/"):
                calls.append((caller, here))

    sys.setprofile(watch)
    try:
        answer = browser.post(f"/credits/review/{claim}/approve")
    finally:
        sys.setprofile(None)
    assert answer.status_code == 303
    begin = calls.index(("credits/claims/views.py", "credits/claims/review.py"))
    way = [call for call in calls[begin:] if call[0] != "credits/room.py"]
    stops = set(way)
    returns = len(way) - len({here for _, here in way})
    assert len(stops) <= STOPS, sorted(stops)
    assert returns <= RETURNS, way
