"""Story 11 and what surrounds it: patents, people, series, sheets, feeds and what time does."""

from __future__ import annotations

import datetime as dt
import io
import re

from app.hall import clock
from app.hall.jobs import run_periodic
from app.hall.standstill import Confirmed
from tests.sharing.conftest import ALWAYS

NAME = "不可泄露的姓名"


def list_patent(park, number="ZL1", **more):
    body = {"kind": "patent", "name": "包覆方法", "patent": {"number": number, "fee_fen": 100_00, **more}}
    return park.api("e01").post("/sharing/resources", body).json["id"]


def test_story_11_a_granted_licence_outlives_the_listing(park):
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    owner, member, late = park.api("e01"), park.api("e02"), park.api("e03")
    patent = list_patent(park)
    asked = member.post("/sharing/licences", {"resource": patent, "months": 12, "purpose": "量产"})
    assert asked.status_code == 201 and asked.json["state"] == "requested"
    assert member.post(f"/sharing/licences/{asked.json['id']}/grant").status_code == 403
    granted = owner.post(f"/sharing/licences/{asked.json['id']}/grant").json
    assert granted["state"] == "granted" and granted["ends_on"]
    assert owner.post(f"/sharing/resources/{patent}/withdraw", {"reason": "自用"}).status_code == 200
    assert member.get("/sharing/licences").json["items"][0]["valid"] is True
    refused = late.post("/sharing/licences", {"resource": patent, "months": 12, "purpose": "也要"})
    assert refused.status_code == 409
    assert owner.post(f"/sharing/licences/{asked.json['id']}/grant").status_code == 409


def test_an_exclusive_patent_is_given_once_and_a_number_is_listed_once(park):
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    patent = list_patent(park, exclusive=True)
    first = park.api("e02").post("/sharing/licences", {"resource": patent, "months": 1, "purpose": "x"}).json
    park.api("e01").post(f"/sharing/licences/{first['id']}/grant")
    second = park.api("e03").post("/sharing/licences", {"resource": patent, "months": 1, "purpose": "x"})
    assert second.status_code == 409
    body = {"kind": "patent", "name": "同号", "patent": {"number": "zl1"}}
    assert park.api("e02").post("/sharing/resources", body).status_code == 409


def test_story_11_no_name_leaves_before_the_person_says_yes(park):
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    owner, member, other = park.api("e01"), park.api("e02"), park.api("e03")
    body = {
        "kind": "talent",
        "name": "工艺专家",
        "description": "涂布",
        "talent": {"person_name": NAME, "contact": "x@y.z", "skills": ["涂布"], "years": 9},
    }
    expert = owner.post("/sharing/resources", body)
    assert expert.status_code == 201
    number = expert.json["id"]
    today = clock.today()
    wish = {
        "resource": number,
        "days": 3,
        "purpose": "诊断",
        "starts_on": (today + dt.timedelta(days=3)).isoformat(),
        "ends_on": (today + dt.timedelta(days=30)).isoformat(),
    }
    asked = member.post("/sharing/placements", wish).json
    # Nothing anybody can fetch has the name: API, pages, search, and the other side's lists.
    seen = [
        api.get(path).text
        for api in (owner, member, other)
        for path in ("/sharing/resources", f"/sharing/resources/{number}", "/sharing/placements")
    ]
    for login in ("e01", "e02", "e03"):
        client = park.browse(login)
        for path in (
            f"/sharing/resources/{number}",
            "/sharing/lending",
            f"/sharing/resources?q={NAME}",
            "/sharing/resources",
        ):
            seen.append(client.get(path).text.replace(f'value="{NAME}"', ""))
    assert all(NAME not in text and "x@y.z" not in text for text in seen)
    assert member.get("/sharing/resources", q=NAME).json["total"] == 0
    assert owner.post(f"/sharing/placements/{asked['id']}/agree").status_code == 409
    assert member.post(f"/sharing/placements/{asked['id']}/consent-link").status_code == 403
    path = owner.post(f"/sharing/placements/{asked['id']}/consent-link").json["path"]
    person = park.app.test_client()
    page = person.get(path)
    assert page.status_code == 200 and NAME not in page.text
    assert person.post(path, data={"answer": "yes"}).status_code == 303
    assert member.get("/sharing/placements").json["items"][0]["person"] == NAME
    assert other.get("/sharing/placements").json["total"] == 0
    assert owner.post(f"/sharing/placements/{asked['id']}/agree").json["state"] == "agreed"
    assert owner.post(f"/sharing/placements/{asked['id']}/begin").json["state"] == "active"
    assert person.get("/sharing/consent/wrong").status_code == 404


def test_a_series_names_the_misfits_and_books_the_rest_only_if_asked(park, instrument, at):
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    resource = instrument("e01")
    day = dt.timedelta(weeks=2)
    blocked = {
        "resource": resource,
        "start": (dt.datetime.fromisoformat(at(1, 9)) + day).isoformat(),
        "end": (dt.datetime.fromisoformat(at(1, 10)) + day).isoformat(),
    }
    assert park.api("e03").post("/sharing/bookings", blocked).status_code == 201
    member = park.api("e02")
    body = {"resource": resource, "start": at(1, 9), "end": at(1, 11), "weeks": 8}
    refused = member.post("/sharing/booking-series", body)
    assert refused.status_code == 409
    assert [m["start"][:10] for m in refused.json["misfits"]] == [blocked["start"][:10]]
    assert refused.json["misfits"][0]["reasons"][0]["code"] == "taken"
    assert member.get("/sharing/bookings").json["total"] == 0
    done = member.post("/sharing/booking-series", body | {"partly": True})
    assert done.status_code == 201 and len(done.json["bookings"]) == 7 and len(done.json["misfits"]) == 1
    assert member.get("/sharing/bookings").json["total"] == 7


def test_instruments_go_out_and_come_in_as_a_sheet(park, instrument):
    """The export of one firm brings nothing of another's in: it says whose each instrument is."""
    from openpyxl import Workbook, load_workbook

    park.firm("E01"), park.firm("E02")
    instrument("e01", name="甲", buffer_minutes=15)
    data = park.browse("e01").get("/sharing/resources.xlsx?mine=1").data
    book = load_workbook(io.BytesIO(data))
    assert book.active["A2"].value == "甲"
    client = park.browse("e02")
    stranger = client.post("/sharing/resources/import", data={"file": (io.BytesIO(data), "a.xlsx")})
    assert stranger.status_code == 422 and "不是您的单位" in stranger.text
    place = [cell.value for cell in book.active[1]].index("所属企业") + 1
    book.active.cell(2, place).value = None
    out = io.BytesIO()
    book.save(out)
    looked = client.post("/sharing/resources/import", data={"file": (io.BytesIO(out.getvalue()), "a.xlsx")})
    assert looked.status_code == 303 and "甲" in client.get(looked.location).text
    assert park.api("e02").get("/sharing/resources", owner="E02").json["total"] == 0
    assert client.post(f"{looked.location}/apply").status_code == 303
    copied = park.api("e02").get("/sharing/resources", owner="E02").json["items"]
    assert [row["name"] for row in copied] == ["甲"]
    wrong = Workbook()
    for row in (["name", "price_yuan_per_hour", "billing"], ["乙", "abc", "used"], ["", 3, "often"]):
        wrong.active.append(row)
    out = io.BytesIO()
    wrong.save(out)
    answer = client.post("/sharing/resources/import", data={"file": (io.BytesIO(out.getvalue()), "b.xlsx")})
    assert answer.status_code == 422
    assert all(text in answer.text for text in ("price_yuan_per_hour", "billing", "name"))
    assert park.api("e02").get("/sharing/resources", owner="E02").json["total"] == 1


def test_a_calendar_feed_is_secret_and_can_be_revoked(park, instrument, at):
    from icalendar import Calendar

    park.firm("E01"), park.firm("E02")
    resource = instrument("e01", name="电镜")
    park.api("e02").post(
        "/sharing/bookings", {"resource": resource, "start": at(0, 9), "end": at(0, 10), "purpose": "样品"}
    )
    client = park.browse("e02")

    page = client.post("/sharing/feeds", data={}).text
    path = re.search(r"/sharing/feeds/[^\"]+\.ics", page)[0]
    fetched = park.app.test_client().get(path)
    assert fetched.status_code == 200 and fetched.mimetype == "text/calendar"
    events = Calendar.from_ical(fetched.data).walk("VEVENT")
    assert len(events) == 1 and str(events[0]["SUMMARY"]) == "电镜 · 样品"
    assert events[0].decoded("DTSTART") == dt.datetime.fromisoformat(at(0, 9))
    assert path.rsplit("/", 1)[1][:-4] not in client.get("/sharing/feeds").text
    assert client.post("/sharing/feeds/1/revoke").status_code == 303
    assert park.app.test_client().get(path).status_code == 404


def test_time_expires_requests_and_marks_no_shows_even_after_a_pause(park, instrument, at, monday):
    park.firm("E01"), park.firm("E02"), park.firm("E03")
    asking = instrument("e01", approval="owner")
    plain = instrument("e01", late_cancel_ratio=0.5)
    member, waiting = park.api("e02"), park.api("e03")
    asked = member.post("/sharing/bookings", {"resource": asking, "start": at(0, 9), "end": at(0, 10)}).json[
        "id"
    ]
    missed = member.post("/sharing/bookings", {"resource": plain, "start": at(0, 9), "end": at(0, 10)}).json[
        "id"
    ]
    entry = waiting.post("/sharing/waitlist", {"resource": asking, "start": at(0, 9), "end": at(0, 10)})
    assert entry.json["state"] == "waiting"
    with clock.frozen(clock.now() + dt.timedelta(hours=25)):
        with park.app.app_context():
            run_periodic(confirmed=Confirmed(clock=True))
        assert member.get(f"/sharing/bookings/{asked}").json["state"] == "expired"
        assert waiting.get("/sharing/waitlist").json["items"][0]["state"] == "offered"
    # Down for three weeks: the first tick makes everything good.
    with clock.frozen(clock.at(monday, 10) + dt.timedelta(days=21)):
        with park.app.app_context():
            run_periodic(confirmed=Confirmed(clock=True))
        assert waiting.get("/sharing/waitlist").json["items"][0]["state"] == "lapsed"
        gone = member.get(f"/sharing/bookings/{missed}").json
        assert gone["state"] == "no_show" and gone["settlement"]["amount_fen"] == 50_000
    with clock.frozen(clock.at(monday, 10) + dt.timedelta(days=30)):
        with park.app.app_context():
            run_periodic(confirmed=Confirmed(clock=True))
        assert member.get(f"/sharing/bookings/{missed}").json["state"] == "settled"


def test_refused_wishes_are_remembered_as_demand(park, instrument, at):
    from app.sharing.bookings import demand

    park.firm("E01"), park.firm("E02"), park.firm("E03")
    resource = instrument("e01", category="分析测试")
    body = {"resource": resource, "start": at(0, 9), "end": at(0, 12)}
    assert park.api("e02").post("/sharing/bookings", body).status_code == 201
    assert park.api("e03").post("/sharing/bookings", body).status_code == 409
    assert park.api("e03").post("/sharing/bookings", body, key="again").status_code == 409
    with park.app.app_context():
        now = clock.now()
        found = demand.refused_demand(now - dt.timedelta(days=1), now + dt.timedelta(days=1))
    assert [(g["category"], g["wishes"], g["hours"], g["codes"]) for g in found] == [
        ("分析测试", 1, 3.0, {"taken": 1})
    ]


def test_use_is_started_and_stopped_at_the_instrument(park, instrument):
    park.firm("E01"), park.firm("E02")
    resource = instrument("e01", opening=ALWAYS, billing="used", step_minutes=5, min_minutes=5)
    now = clock.now()
    start = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0) + dt.timedelta(minutes=10)
    member = park.api("e02")
    body = {
        "resource": resource,
        "start": start.isoformat(),
        "end": (start + dt.timedelta(hours=1)).isoformat(),
    }
    number = member.post("/sharing/bookings", body).json["id"]
    assert member.post(f"/sharing/bookings/{number}/stop").status_code == 409
    assert member.post(f"/sharing/bookings/{number}/start").json["state"] == "in_use"
    with clock.frozen(clock.now() + dt.timedelta(minutes=30)):
        done = member.post(f"/sharing/bookings/{number}/stop").json
    assert done["state"] == "completed" and done["settlement"]["charged_minutes"] in (30, 31)
    # What was left of the hour is free again.
    again = body | {"start": (start + dt.timedelta(minutes=40)).isoformat()}
    assert park.api("e01").post("/sharing/bookings", again).status_code == 201


def test_another_firms_booking_has_no_name(park, instrument, at):
    park.staff()
    park.firm("E01"), park.firm("E02", name_zh="甲乙丙公司"), park.firm("E03")
    resource = instrument("e01")
    body = {"resource": resource, "start": at(0, 9), "end": at(0, 10), "purpose": "秘密配方"}
    number = park.api("e02").post("/sharing/bookings", body).json["id"]
    day = at(0, 9)[:10]
    stranger = park.browse("e03")
    for path in (
        f"/sharing/timeline?day={day}",
        f"/sharing/timeline?day={day}&view=list",
        f"/sharing/resources/{resource}",
    ):
        text = stranger.get(path).text
        assert "秘密配方" not in text and "甲乙丙公司" not in text
    assert stranger.get(f"/sharing/bookings/{number}").status_code == 404
    for login in ("e01", "park", "auditor"):
        assert "甲乙丙公司" in park.browse(login).get(f"/sharing/bookings/{number}").text
    assert park.api("auditor").post("/sharing/bookings", body).status_code == 403
