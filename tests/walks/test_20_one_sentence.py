"""Story 20: one sentence is one row, and the path is shown both ways."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from app.hall import clock, jobs
from tests.voice.crew import Crew, at
from tests.walks.seeds import SEEDS, draw_for

THINGS = (
    ("charging", "园区充电桩数量不够", "充电桩", "个"),
    ("parking", "晚上找不到车位", "车位", "个"),
    ("canteen", "午餐排队太久", "窗口", "个"),
)


@pytest.mark.parametrize("seed", SEEDS)
def test_20_one_sentence_one_row(crew: Crew, seed: int) -> None:
    draw = draw_for(20, seed)
    firm = f"E{draw.randrange(4, 13):02d}"
    category, words, thing, unit = draw.choice(THINGS)
    wanted, days = draw.randrange(2, 40), draw.randrange(3, 10)
    end = dt.date(2026, 11, 2) + dt.timedelta(days=days)
    with clock.frozen(at("2026-11-02T09:30")):
        visit = crew.visit(firm, "2026-11-02")
        body = {
            "client_id": str(uuid.uuid4()),
            "enterprise": firm,
            "channel": "visit",
            "heard_on": "2026-11-02",
            "text": words,
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
        link = {"kind": "problem", "category": category, "theme": thing}
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
            "what": f"新增{thing}",
            "owner": "property",
            "until_on": str(end),
            "deliverables": [{"what": thing, "quantity": wanted, "unit": unit, "promised_on": str(end)}],
        }
        team.do("property", problem, "plan", plan)
        team.do("property", problem, "progress", {"text": "开始安装"})
    with clock.frozen(at(f"{end}T16:00")):
        done = [{"what": thing, "promised": wanted, "delivered": wanted, "unit": unit}]
        less = [{**done[0], "delivered": wanted - 1}]
        team.do("property", problem, "resolve", {"text": "差一个", "deliverables": less}, 409)
        team.do("property", problem, "resolve", {"text": "全部到位", "deliverables": done})
        with crew.park.app.app_context():
            jobs.deliver_outbox()
        shown = crew.get(firm.lower(), f"/problems/{problem}")
        piles = [row for row in shown["path"] if row["kind"] == "deliverable"]
        assert [(row["delivered"], row["promised"], row["unit"]) for row in piles] == [(wanted, wanted, unit)]
        read = crew.park.browse(firm.lower()).get(f"/problems/{shown['number']}").text
        assert f"<b>{wanted} / {wanted}</b> {unit}" in read, "what the firm reads on its phone"
        mine = crew.get(firm.lower(), "/voice/feedback")["items"]
        assert [(one["state"], one["text"]) for one in mine] == [("answered", words)]
        back = [row for row in shown["path"] if row["kind"] == "source"]
        assert [row["source"] for row in back] == ["feedback"]
        # A fortnight later, on the last working day not after it: both weeks have plain weekends.
        again = end + dt.timedelta(days=14)
        again -= dt.timedelta(days=max(0, again.weekday() - 4))
        planned = crew.get("old", "/voice/visits", state="open")["items"]
        assert [(one["enterprise"], one["on"], one["why"]) for one in planned] == [
            (firm, str(again), "revisit")
        ]
