"""Story 20: one sentence is one row, and the path is shown both ways."""

from __future__ import annotations

import uuid

from app.hall import clock, jobs
from tests.voice.crew import Crew, at


def test_20_one_sentence_one_row(crew: Crew) -> None:
    with clock.frozen(at("2026-11-02T09:30")):
        visit = crew.visit("E04", "2026-11-02")
        body = {
            "client_id": str(uuid.uuid4()),
            "enterprise": "E04",
            "channel": "visit",
            "heard_on": "2026-11-02",
            "text": "园区充电桩数量不够",
            "visibility": "named",
            "hesitation": False,
            "probe": "",
        }
        first = crew.post("old", "/voice/feedback", body, 201)
        again = crew.post("old", "/voice/feedback", body, 200)
        assert (again["id"], again["fresh"]) == (first["id"], False)
        other = crew.api("old").post("/voice/feedback", {**body, "text": "别的"})
        assert (other.status_code, other.json["type"]) == (409, "urn:parklink:feedback_client_id_reused")
        assert crew.get("old", "/voice/feedback")["total"] == 1
        link = {"kind": "problem", "category": "charging", "theme": "充电桩"}
        linked = crew.post("old", f"/voice/feedback/{first['id']}/link", link)
        crew.post("old", f"/voice/feedback/{first['id']}/link", {"kind": "signal"})
        assert crew.post("old", f"/voice/feedback/{first['id']}/link", link)["links"][0] == linked["links"][0]
        problem = linked["links"][0]["id"]
        crew.post("old", f"/voice/visits/{visit}/record", {"note": "参观车间"})
        assert crew.post("old", f"/voice/visits/{visit}/close")["state"] == "closed"
        team = crew.team
        team.do("desk", problem, "classify", {"class": "process"})
        team.do("desk", problem, "assign", {"departments": ["property"], "responsible": "property"})
        team.do("property", problem, "respond", {"text": "本周现场勘测"})
        plan = {
            "what": "新增充电桩",
            "owner": "property",
            "until_on": "2026-11-09",
            "deliverables": [{"what": "充电桩", "quantity": 5, "unit": "个", "promised_on": "2026-11-09"}],
        }
        team.do("property", problem, "plan", plan)
        team.do("property", problem, "progress", {"text": "开始安装"})
    with clock.frozen(at("2026-11-09T16:00")):
        done = [{"what": "充电桩", "promised": 5, "delivered": 5, "unit": "个"}]
        team.do("property", problem, "resolve", {"text": "5个已通电", "deliverables": done})
        with crew.park.app.app_context():
            jobs.deliver_outbox()
        shown = crew.get("e04", f"/problems/{problem}")
        piles = [row for row in shown["path"] if row["kind"] == "deliverable"]
        assert [(row["delivered"], row["promised"], row["unit"]) for row in piles] == [(5, 5, "个")]
        mine = crew.get("e04", "/voice/feedback")["items"]
        assert [(one["state"], one["text"]) for one in mine] == [("answered", "园区充电桩数量不够")]
        back = [row for row in shown["path"] if row["kind"] == "source"]
        assert [row["source"] for row in back] == ["feedback"]
        again = crew.get("old", "/voice/visits", state="open")["items"]
        assert [(one["enterprise"], one["on"], one["why"]) for one in again] == [
            ("E04", "2026-11-23", "revisit")
        ]
