"""Facts of a firm are kept with their history; what the park must agree to waits; a firm leaves on its day."""

from __future__ import annotations

import datetime as dt

from app.hall import clock
from app.identity.leaving.service import let_go
from tests.factories import Park


def facts(park: Park, login: str, **values: str) -> object:
    return park.api(login).post("/identity/organisations/E01/facts", values)


def test_a_firm_edits_its_page_and_the_park_agrees_to_the_name(park: Park) -> None:
    park.staff()
    park.firm("E01", name_zh="旧名科技")
    answer = park.api("e01").post(
        "/identity/organisations/E01/facts",
        {"name_zh": "新名科技", "contact": "李", "website": "https://x.example"},
    )
    assert (answer.json["in_force"], answer.json["waiting"]) == (["contact", "website"], ["name_zh"])
    shown = park.api("e01").get("/identity/organisations/E01").json
    assert (shown["name_zh"], shown["contact"]) == ("旧名科技", "李")
    waiting = park.api("park").get("/identity/changes").json["items"]
    assert [(one["field"], one["before"], one["after"]) for one in waiting] == [
        ("name_zh", "旧名科技", "新名科技")
    ]
    assert (
        park.api("e01").post(f"/identity/changes/{waiting[0]['id']}/decide", {"agree": True}).status_code
        == 403
    )
    assert "新名科技" in park.browse("park").get("/identity/changes").text
    decided = park.api("park").post(f"/identity/changes/{waiting[0]['id']}/decide", {"agree": True})
    assert decided.json["state"] == "in_force"
    assert (
        park.api("park").post(f"/identity/changes/{waiting[0]['id']}/decide", {"agree": True}).status_code
        == 409
    )
    found = park.api("park").get("/identity/organisations", q="旧名").json["items"]
    assert [one["name_zh"] for one in found] == ["新名科技"], "the old name stays findable"


def test_the_park_edits_any_and_a_refused_change_says_why(park: Park) -> None:
    park.staff()
    park.firm("E01", name_zh="甲")
    park.firm("E02", name_zh="乙")
    assert park.api("e02").post("/identity/organisations/E01/facts", {"contact": "x"}).status_code == 404
    assert park.api("park").post("/identity/organisations/E01/facts", {"size": "large"}).json["in_force"] == [
        "size"
    ]
    wrong = park.api("e01").post("/identity/organisations/E01/facts", {"size": "huge", "website": "x"})
    assert [one["code"] for one in wrong.json["reasons"]] == ["fact_not_in_list", "fact_website"]
    park.api("e01").post("/identity/organisations/E01/facts", {"industry_code": "38"})
    number = park.api("park").get("/identity/changes").json["items"][0]["id"]
    page = park.browse("park").post(f"/identity/changes/{number}", data={"decision": "refuse", "reason": ""})
    assert page.status_code == 422
    park.browse("park").post(
        f"/identity/changes/{number}", data={"decision": "refuse", "reason": "以执照为准"}
    )
    assert "以执照为准" in park.browse("e01").get("/identity/organisations/2/facts").text


def test_the_portrait_is_for_the_firm_itself_and_the_office(park: Park) -> None:
    park.staff()
    park.firm("E01", name_zh="甲")
    park.firm("E02", name_zh="乙")
    for login, status in (("e01", 200), ("park", 200), ("auditor", 200), ("e02", 404)):
        assert park.browse(login).get("/identity/organisations/2/portrait").status_code == status
    assert park.browse("e01").get("/identity/mine").status_code == 302


def test_a_firm_leaves_on_its_day(park: Park) -> None:
    park.staff()
    park.firm("E01", name_zh="甲")
    last = clock.today() + dt.timedelta(days=10)
    asked = park.api("e01").post(
        "/identity/organisations/E01/leave", {"day": last.isoformat(), "reason": "搬迁"}
    )
    assert asked.json["agreed"] is False
    number = park.api("park").get("/identity/changes").json["items"][0]["id"]
    park.api("park").post(f"/identity/changes/{number}/decide", {"agree": True})
    assert park.api("e01").get("/identity/organisations/E01").json["status"] == "leaving"
    with clock.frozen(clock.at(last - dt.timedelta(days=1), 12)), park.app.app_context():
        let_go()
    assert park.api("e01").get("/identity/me").status_code == 200, "it works until its last day"
    api = park.api("e01")
    with clock.frozen(clock.at(last, 8)), park.app.app_context():
        let_go()
        let_go()
    assert api.get("/identity/me").status_code == 401
    shown = park.api("park").get("/identity/organisations/E01").json
    assert (shown["status"], shown["leaves_on"]) == ("left", last.isoformat())


def test_a_firm_may_stay_after_all(park: Park) -> None:
    park.staff()
    park.firm("E01", name_zh="甲")
    today = clock.today().isoformat()
    refused = park.api("park").post("/identity/organisations/E01/leave", {"day": today, "reason": "x"})
    assert [one["code"] for one in refused.json["reasons"]] == ["leaving_day"]
    later = (clock.today() + dt.timedelta(days=5)).isoformat()
    assert (
        park.api("park")
        .post("/identity/organisations/E01/leave", {"day": later, "reason": "x"})
        .json["agreed"]
    )
    assert park.browse("park").get("/identity/organisations/2/leaving").status_code == 200
    assert park.api("e01").post("/identity/organisations/E01/stay", {"reason": "改变主意"}).status_code == 200
    assert park.api("park").post("/identity/organisations/E01/stay", {"reason": "x"}).status_code == 409
