"""Story 23: a hesitation without a probe keeps the visit open."""

from __future__ import annotations

from typing import Any

import pytest

from app.hall import clock
from tests.voice.crew import Crew, at, reasons
from tests.walks.seeds import SEEDS, draw_for

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


@pytest.mark.parametrize("seed", SEEDS)
def test_23_what_was_not_said(crew: Crew, seed: int) -> None:
    draw = draw_for(23, seed)
    firm = f"E{draw.randrange(4, 13):02d}"
    hour, polite = draw.randrange(18, 22), draw.randrange(1, 4)
    meant = draw.choice(["实验室预约系统太卡，经常约不上", "晚上想用却不开门", "约到了又被取消"])
    with clock.frozen(at("2026-10-30T10:00")):
        resource = int(crew.post("e01", "/sharing/resources", INSTRUMENT, 201)["id"])
        night = {
            "resource": resource,
            "start": f"2026-11-02T{hour}:00:00+08:00",
            "end": f"2026-11-02T{hour + 1}:00:00+08:00",
        }
        assert crew.api(firm.lower()).post("/sharing/bookings", night).status_code == 409
    with clock.frozen(at("2026-11-02T10:00")):
        visit = crew.visit(firm, "2026-11-02")
        said = crew.say(firm, "服务还行", heard_on="2026-11-02", hesitation=True, promise="下周回话")
        assert said["visit"] == visit
        others = [
            crew.say(firm, f"也还可以 {n}", heard_on="2026-11-02", hesitation=True)["id"]
            for n in range(polite)
        ]
        crew.post("old", f"/voice/visits/{visit}/record")
        refused = crew.post("old", f"/voice/visits/{visit}/close", expect=409)
        assert reasons(refused) == ["probe_missing", "remark_open", "promise_open"]
        for other in others:  # every hesitation wants its own probe; these came to nothing
            crew.post("old", f"/voice/feedback/{other}/probe", {"text": "真的没有别的"})
            crew.post("old", f"/voice/feedback/{other}/no-action", {"reason": "没有要办的事"})
            refused = crew.post("old", f"/voice/visits/{visit}/close", expect=409)
            assert reasons(refused) == ["probe_missing", "remark_open", "promise_open"]
        crew.post("old", f"/voice/feedback/{said['id']}/probe", {"text": meant})
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
