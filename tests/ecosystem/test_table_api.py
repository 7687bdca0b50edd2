"""The API around the market, and the round table's invitation: whoever may, does; others hear why not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from icalendar import Calendar

from app.hall import clock
from tests.factories import Park


def test_lists_and_writes(demo_park: Park) -> None:
    firm: Any = demo_park.api("e01")
    secretary: Any = demo_park.api("secretary")
    start = clock.start_of_day(clock.today() + dt.timedelta(days=9)) + dt.timedelta(hours=14)
    body = {"start": start.isoformat(), "end": (start + dt.timedelta(hours=2)).isoformat(), "place": "A 座"}
    assert firm.post("/ecosystem/meetings", body).status_code == 403
    made = secretary.post("/ecosystem/meetings", body, key="m1")
    assert made.status_code == 201 and secretary.post("/ecosystem/meetings", body, key="m1").json == made.json
    number = made.json["id"]
    assert firm.get(f"/ecosystem/meetings/{number}").json["agenda"]
    assert firm.get("/ecosystem/meetings").json["items"][0]["id"] == number
    assert firm.get("/ecosystem/resolutions", open="true").json["total"] > 0

    ics = demo_park.browse("e01").get(f"/ecosystem/committee/meetings/{number}.ics")
    (event,) = Calendar.from_ical(ics.data).walk("VEVENT")
    assert (event.decoded("dtstart"), str(event["location"])) == (start, "A 座")
    assert f"/ecosystem/committee/meetings/{number}.ics" in demo_park.browse("e01").get(
        f"/ecosystem/committee/meetings/{number}"
    ).get_data(as_text=True)
    demo_park.browse("secretary").post(f"/ecosystem/committee/meetings/{number}/cancel")
    gone = demo_park.browse("e01").get(f"/ecosystem/committee/meetings/{number}.ics")
    assert b"STATUS:CANCELLED" in gone.data

    day = clock.today().isoformat()
    project = {"title": "联合研发", "university": "U01", "enterprise": "E01", "started_on": day}
    assert demo_park.api("e02").post("/ecosystem/projects", project).status_code == 403
    assert firm.post("/ecosystem/projects", project | {"enterprise": "X99"}).status_code == 404
    started = firm.post("/ecosystem/projects", project)
    assert started.status_code == 201
    listed = firm.get("/ecosystem/projects", limit=200).json["items"]
    assert started.json["id"] in {row["id"] for row in listed}

    assert firm.get("/ecosystem/packs").status_code == 403
    assert firm.post("/ecosystem/packs", {"name": "甲"}).status_code == 403
    staff: Any = demo_park.api("investment")
    pack = staff.post("/ecosystem/packs", {"name": "循岛", "industry": "battery"})
    assert pack.status_code == 201 and pack.json["items"] > 0
    packs = staff.get("/ecosystem/packs").json["items"]
    assert packs[0]["id"] == pack.json["id"] and "token" not in packs[0]

    assert firm.post("/ecosystem/signals", {"kind": "visit", "text": "来访"}).status_code == 403
    wrong = firm.post("/ecosystem/signals", {"kind": "complaint", "text": "排队久", "segment": "nowhere"})
    assert wrong.status_code == 422
    told = firm.post("/ecosystem/signals", {"kind": "complaint", "text": "排队久", "tags": ["检测"]})
    assert told.status_code == 201 and told.json["enterprise"] == "E01"
    assert {row["enterprise"] for row in firm.get("/ecosystem/signals").json["items"]} == {"E01"}
    assert (
        staff.get("/ecosystem/signals", limit=1).json["total"] > firm.get("/ecosystem/signals").json["total"]
    )
