"""What a screen reader says of the bars of the timeline, in the page's language."""

from __future__ import annotations

import datetime as dt
import json
import re

from app.hall.text import units


def _bars(browser, day):
    page = browser.get(f"/sharing/timeline?day={day.isoformat()}").text
    data = json.loads(re.search(r'id="pl-timeline-data"[^>]*>(.*?)</script>', page, re.S)[1])
    return {(e["kind"], e["spoken"]) for e in data["events"]}


def test_bars_say_instrument_hours_state_and_whose(park, instrument, at, monday):
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    resource = instrument("e01", name="拉曼光谱仪", approval="owner")
    body = {"resource": resource, "start": at(0, 13), "end": at(0, 15), "purpose": "不可外泄"}
    number = park.api("e02").post("/sharing/bookings", body).json["id"]
    start = dt.datetime.fromisoformat(at(0, 13))
    zh, en = (units.span(start, start + dt.timedelta(hours=2), lang) for lang in ("zh", "en"))
    assert ("pending", f"拉曼光谱仪，{zh}，待审批，我的预约") in _bars(park.browse("e02"), monday)
    park.api("e01").post(f"/sharing/bookings/{number}/approve")
    assert ("mine", f"拉曼光谱仪，{zh}，已确认，我的预约") in _bars(park.browse("e02"), monday)
    assert ("busy", f"拉曼光谱仪，{zh}，已占用") in _bars(park.browse("e03"), monday)
    english = {said for kind, said in _bars(park.browse("e02", "en"), monday) if kind == "mine"}
    assert len(english) == 1 and en in next(iter(english)) and "Confirmed" in next(iter(english))
    assert {said for kind, said in _bars(park.browse("e03"), monday) if kind == "closed"} == {""}
