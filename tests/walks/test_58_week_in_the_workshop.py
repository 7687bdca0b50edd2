"""Story 58: a week in the workshop becomes a remark and a line of the year."""

from __future__ import annotations

from app.hall import clock
from tests.voice.crew import Crew, at


def test_58_a_week_in_the_workshop(crew: Crew) -> None:
    with clock.frozen(at("2026-11-02T08:00")):
        body = {"login": "old", "enterprise": "E08", "from": "2026-11-02", "until": "2026-11-06"}
        week = crew.post("old", "/voice/shadowings", body, 201)["id"]
    with clock.frozen(at("2026-11-06T18:00")):
        crew.post("old", f"/voice/shadowings/{week}/done", {"text": "维保记录都是手写的"})
        remark = crew.get("old", "/voice/feedback", channel="shadowing")["items"]
        assert [(one["text"], one["enterprise"]) for one in remark] == [("维保记录都是手写的", "E08")]
        listed = {one["login"]: one for one in crew.get("keeper", "/voice/specialists")["items"]}
        assert not listed["old"]["without_a_week"] and listed["young"]["without_a_week"]
        assert listed["young"]["may_visit_from"] == "2026-11-20"
    # The firm keeps its register from now on; the next visit knows how many machines are due, not which.
    with clock.frozen(at("2026-11-09T09:00")):
        machine = crew.post("e08", "/upkeep/machines", {"name": "铣床"}, 201)["id"]
        plan = {"name": "换油", "every_days": 30, "last_done_on": "2026-10-20"}
        crew.post("e08", f"/upkeep/machines/{machine}/plans", plan, 201)
        visit = crew.visit("E08", "2026-11-10")
        assert crew.get("old", f"/voice/visits/{visit}/dossier")["machines_due"] == 1
        page = crew.park.browse("old").get(f"/voice/visits/{visit}").text
        assert "1 台设备" in page and 'href="/upkeep/park"' in page and "铣床" not in page
        assert crew.api("old").get(f"/upkeep/machines/{machine}").status_code in (403, 404)
        listed = crew.park.browse("keeper").get("/voice/people").text
        assert "E08公司" in listed and "今年还没有跟岗" in listed
