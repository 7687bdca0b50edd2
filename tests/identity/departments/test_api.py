"""Departments by call: heads, deputies and acting heads with their dates, since when somebody works here."""

from __future__ import annotations

import datetime as dt

from app.hall import clock
from tests.factories import Park


def test_a_department_gets_its_people_and_duties(park: Park) -> None:
    park.staff()
    api, today = park.api("park"), clock.today()
    made = api.post("/identity/departments", {"code": "it", "name_zh": "信息部", "people": ["secretary"]})
    assert made.status_code == 201, made.text
    head = {"kind": "head", "login": "reviewer", "department": "it", "from_on": today.isoformat()}
    assert api.post("/identity/duties", head).status_code == 201
    taken = api.post("/identity/duties", {**head, "login": "reviewer2"})
    assert (taken.status_code, taken.json["reasons"][0]["code"]) == (422, "duty_taken")
    endless = api.post("/identity/duties", {**head, "kind": "acting", "login": "reviewer2"})
    assert endless.json["reasons"][0]["code"] == "duty_without_end"
    until = (today + dt.timedelta(days=3)).isoformat()
    assert (
        api.post(
            "/identity/duties", {**head, "kind": "acting", "login": "reviewer2", "until_on": until}
        ).status_code
        == 201
    )
    assert api.post("/identity/duties", {**head, "kind": "deputy", "login": "investment"}).status_code == 201
    (row,) = api.get("/identity/departments").json["items"]
    assert row["people"] == ["secretary 先生"]
    assert [one["kind"] for one in row["duties"]] == ["head", "acting", "deputy"]
    assert (
        api.post(f"/identity/duties/{row['duties'][0]['id']}/end", {}).json["until_on"] == today.isoformat()
    )
    assert api.post("/identity/duties", {**head, "login": "nobody"}).status_code == 422
    assert park.api("investment").get("/identity/departments").status_code == 403


def test_since_when_somebody_works_here(park: Park) -> None:
    park.staff()
    api = park.api("park")
    assert (
        api.post("/identity/members/secretary/employed-since", {"since": "2020-03-01"}).json["since"]
        == "2020-03-01"
    )
    later = (clock.today() + dt.timedelta(days=1)).isoformat()
    assert api.post("/identity/members/secretary/employed-since", {"since": later}).status_code == 422
    assert api.post("/identity/members/nobody/employed-since", {"since": "2020-03-01"}).status_code == 422
