"""Story 23: a hesitation without a probe keeps the visit open."""

from __future__ import annotations

from typing import Any

from app.hall import clock
from tests.voice.crew import Crew, at, reasons

INSTRUMENT: dict[str, Any] = {
    "kind": "equipment",
    "name": "流式细胞仪",
    "price_fen_per_hour": 50_000,
    "opening": [{"weekday": 1, "from": "09:00", "to": "17:00"}],
    "approval": "automatic",
    "step_minutes": 30,
    "min_minutes": 30,
    "max_minutes": 480,
}


def test_23_what_was_not_said(crew: Crew) -> None:
    with clock.frozen(at("2026-10-30T10:00")):
        resource = int(crew.post("e01", "/sharing/resources", INSTRUMENT, 201)["id"])
        night = {
            "resource": resource,
            "start": "2026-11-02T20:00:00+08:00",
            "end": "2026-11-02T21:00:00+08:00",
        }
        assert crew.api("e07").post("/sharing/bookings", night).status_code == 409
    with clock.frozen(at("2026-11-02T10:00")):
        visit = crew.visit("E07", "2026-11-02")
        said = crew.say("E07", "服务还行", heard_on="2026-11-02", hesitation=True, promise="下周回话")
        assert said["visit"] == visit
        crew.post("old", f"/voice/visits/{visit}/record")
        refused = crew.post("old", f"/voice/visits/{visit}/close", expect=409)
        assert reasons(refused) == ["probe_missing", "remark_open", "promise_open"]
        probe = {"text": "实验室预约系统太卡，经常约不上"}
        crew.post("old", f"/voice/feedback/{said['id']}/probe", probe)
        refused = crew.post("old", f"/voice/visits/{visit}/close", expect=409)
        assert reasons(refused) == ["remark_open", "promise_open"]
        dossier = crew.get("old", f"/voice/visits/{visit}/dossier")
        assert [one["resource"] for one in dossier["refused_bookings"]] == [resource]
        linked = {"kind": "signal", "resource": resource}
        crew.post("old", f"/voice/feedback/{said['id']}/link", linked)
        # Both ways: the instrument's page leads to the remark, the visit's page to the instrument.
        page = crew.park.browse("old")
        assert "1 条反馈说到它" in page.get(f"/sharing/resources/{resource}").text
        assert f'href="/sharing/resources/{resource}"' in page.get(f"/voice/visits/{visit}").text
        refused = crew.post("old", f"/voice/visits/{visit}/close", expect=409)
        assert reasons(refused) == ["promise_open"]
        shown = crew.get("old", f"/voice/visits/{visit}")
        assert shown["missing"] == ["promise_open"]
        promise = shown["promises"][0]["id"]
        became = crew.post(
            "old", f"/voice/promises/{promise}/become", {"kind": "problem", "category": "network"}
        )
        assert became["number"].startswith("WT-")
        assert crew.post("old", f"/voice/visits/{visit}/close")["state"] == "closed"
