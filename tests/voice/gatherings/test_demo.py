"""The demo park's open days: what twelve guests said before and after the change, and what four said stays hidden."""

from __future__ import annotations

from tests.factories import Park


def test_open_days_before_and_after(demo_park: Park) -> None:
    keeper = demo_park.api("keeper")
    held = keeper.get("/voice/gatherings", kind="activity", limit=50).json["items"]
    recent, after, before = (one["id"] for one in held if one["series"] == "车间开放日")
    shown = keeper.get(f"/voice/gatherings/{after}").json
    # First 5 of use, 4 partly, 3 not: 700 ÷ 12; then 10 of use, 2 partly: 1100 ÷ 12.
    assert shown["said"] == {"n": 12, "score": 91.7}
    assert (shown["before"]["id"], shown["before"]["said"]) == (before, {"n": 12, "score": 58.3})
    assert keeper.get(f"/voice/gatherings/{recent}").json["said"] == {"n": 4, "score": None}
    assert "带回了马上能用的东西吗" in demo_park.browse("e05").get("/voice/mine").text
