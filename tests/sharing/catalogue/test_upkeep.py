"""Owners look after prices, units and qualifications; the park after its terms; nobody else does."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from app.hall import clock
from app.hall.jobs import run_periodic
from app.hall.standstill import Confirmed


@pytest.fixture
def town(park):
    park.staff(), park.firm("E01"), park.firm("E02"), park.firm("E03")
    return park


def _book(park, login, resource, start, end):
    return park.api(login).post("/sharing/bookings", {"resource": resource, "start": start, "end": end})


def test_special_rates_are_added_used_and_removed_by_the_owner_only(town, instrument, at):
    number = instrument("e01")
    page, path = town.browse("e01"), f"/sharing/resources/{number}"
    assert page.get(f"{path}/upkeep").status_code == 200
    rate = {"group": "", "rate": "100", "opens": "09:00", "closes": "12:00", "weekdays": ["1", "2"]}
    assert town.browse("e02").post(f"{path}/rates", data=rate).status_code == 403
    assert town.browse("e02").get(f"{path}/upkeep").status_code == 403
    assert page.post(f"{path}/rates", data=rate).status_code == 303
    assert _book(town, "e02", number, at(0, 9), at(0, 10)).json["price_fen"] == 10_000
    assert _book(town, "e02", number, at(2, 9), at(2, 10)).json["price_fen"] == 50_000
    assert page.post(f"{path}/rates", data=rate | {"opens": "13:00"}).status_code == 422
    assert page.post(f"{path}/rates", data=rate | {"group": "friends"}).status_code == 422
    (drop,) = re.findall(r"/sharing/rates/\d+/drop", page.get(f"{path}/upkeep").text)
    assert town.browse("e02").post(drop).status_code == 403
    assert page.post(drop).status_code == 303 and page.post(drop).status_code == 404
    assert _book(town, "e02", number, at(1, 9), at(1, 10)).json["price_fen"] == 50_000


def test_units_are_added_and_taken_out_but_never_under_a_booking(town, instrument, at):
    number = instrument("e01")
    page, path = town.browse("e01"), f"/sharing/resources/{number}"
    first = _book(town, "e02", number, at(0, 9), at(0, 10))
    assert first.status_code == 201
    assert _book(town, "e03", number, at(0, 9), at(0, 10)).status_code == 409
    assert town.browse("e02").post(f"{path}/units", data={"label": "2"}).status_code == 403
    assert page.post(f"{path}/units", data={"label": "2"}).status_code == 303
    assert page.post(f"{path}/units", data={"label": "2"}).status_code == 409
    off = re.findall(r"/sharing/units/\d+/deactivate", page.get(f"{path}/upkeep").text)
    assert len(off) == 2
    assert page.post(off[0]).status_code == 409  # booked
    assert town.browse("e02").post(off[1]).status_code == 403
    assert page.post(off[1]).status_code == 303
    assert _book(town, "e03", number, at(0, 9), at(0, 10)).status_code == 409
    assert page.post(off[1].replace("deactivate", "activate")).status_code == 303
    assert _book(town, "e03", number, at(0, 9), at(0, 10)).status_code == 201
    other = instrument("e01", name="离心机")
    (only,) = re.findall(
        r"/sharing/units/\d+/deactivate", page.get(f"/sharing/resources/{other}/upkeep").text
    )
    assert page.post(only).status_code == 409  # the last one


def test_exceptions_and_maintenance_plans_are_added_and_removed_by_the_owner_only(
    town, instrument, at, monday
):
    number = instrument("e01")
    page, path = town.browse("e01"), f"/sharing/resources/{number}"
    closed = {"day": monday.isoformat(), "reason": "盘点"}
    assert town.browse("e02").post(f"{path}/exceptions", data=closed).status_code == 403
    assert page.post(f"{path}/exceptions", data=closed).status_code == 303
    assert _book(town, "e02", number, at(0, 9), at(0, 10)).status_code == 409
    (drop,) = re.findall(r"/sharing/exceptions/\d+/drop", page.get(path).text)
    assert town.browse("e02").post(drop).status_code == 403
    assert page.post(drop).status_code == 303
    assert _book(town, "e02", number, at(0, 9), at(0, 10)).status_code == 201
    plan = {"name": "年检", "every_days": "365"}
    assert town.browse("e02").post(f"{path}/plans", data=plan).status_code == 403
    assert page.post(f"{path}/plans", data=plan).status_code == 303
    (done,) = re.findall(r"/sharing/plans/\d+/done", page.get(f"{path}/outages").text)
    assert town.browse("e02").post(done).status_code == 403
    assert page.post(done).status_code == 303


def test_a_qualification_is_defined_asked_for_granted_and_revoked(town, instrument, at):
    number = instrument("e01")
    owner, other = town.browse("e01"), town.browse("e03")
    assert owner.post("/sharing/qualifications", data={"code": "SEM", "name": "电镜操作"}).status_code == 303
    assert other.post("/sharing/qualifications", data={"code": "SEM", "name": "别的"}).status_code == 409
    assert other.post("/sharing/qualifications", data={"code": "<b>", "name": "别的"}).status_code == 422
    form = owner.get(f"/sharing/resources/{number}/edit").text
    (chosen,) = re.findall(r'<option value="(\d+)">电镜操作', form)
    fields = {
        "name": "光谱仪",
        "category": "分析测试",
        "price": "500",
        "billing": "booked",
        "approval": "automatic",
        "qualification_id": chosen,
        "week_line": "周一至周五 9:00-17:00",
        "step_minutes": 30,
        "min_minutes": "30 分钟",
        "max_minutes": 8,
        "buffer_before_minutes": 0,
        "buffer_minutes": 0,
        "lead_minutes": 0,
        "late_cancel_hours": 24,
        "late_cancel_percent": 0,
    }
    saved = owner.post(f"/sharing/resources/{number}/edit", data=fields)
    assert saved.status_code == 303, re.findall(r"pl-error.*|<p>请检查.*", saved.text)
    refused = _book(town, "e02", number, at(0, 9), at(0, 10))
    assert refused.status_code == 409 and "not_qualified" in refused.text
    grant = {"qualification": chosen, "organisation": "E02", "login": "e02"}
    soon = {"expires": (clock.today() + dt.timedelta(days=2)).isoformat()}
    assert other.post("/sharing/qualifications/grants", data=grant).status_code == 422  # not on its list
    assert owner.post("/sharing/qualifications/grants", data=grant | {"login": "x"}).status_code == 422
    assert (
        owner.post("/sharing/qualifications/grants", data=grant | {"expires": "2001-01-01"}).status_code
        == 422
    )
    assert owner.post("/sharing/qualifications/grants", data=grant | soon).status_code == 303
    assert _book(town, "e02", number, at(0, 9), at(0, 10)).status_code == 409  # lapses before that day
    assert owner.post("/sharing/qualifications/grants", data=grant).status_code == 303  # renewed, for good
    assert _book(town, "e02", number, at(0, 9), at(0, 10)).status_code == 201
    (revoke,) = re.findall(
        r"/sharing/qualifications/grants/\d+/revoke", owner.get("/sharing/qualifications").text
    )
    assert "e02 先生" not in other.get("/sharing/qualifications").text
    assert "e02 先生" in town.browse("auditor").get("/sharing/qualifications").text
    assert other.post(revoke).status_code == 403 and town.browse("auditor").post(revoke).status_code == 403
    assert owner.post(revoke).status_code == 303 and owner.post(revoke).status_code == 404
    assert _book(town, "e02", number, at(1, 9), at(1, 10)).status_code == 409


TERMS = {
    "credit_share": 50,
    "credit_value": "2",
    "no_show_limit": 1,
    "suspension_days": 20,
    "no_show_grace_minutes": 60,
    "offer_minutes": 30,
    "dispute_days": 5,
}


def test_the_park_sets_its_terms_and_holidays(town, instrument, at, monday):
    number = instrument("e01")
    page = town.browse("park")
    for login in ("e01", "auditor"):
        reader = town.browse(login)
        assert reader.get("/sharing/terms").status_code == (200 if login == "auditor" else 403)
        assert reader.post("/sharing/terms", data=TERMS).status_code == 403
        assert reader.post("/sharing/terms/holidays", data={"day": monday, "name": "节"}).status_code == 403
    assert page.post("/sharing/terms", data=TERMS).status_code == 303
    assert page.post("/sharing/terms", data=TERMS | {"credit_share": 101}).status_code == 422
    assert 'value="50"' in page.get("/sharing/terms").text
    day = monday.isoformat()
    assert page.post("/sharing/terms/holidays", data={"day": day, "name": "园庆"}).status_code == 303
    assert page.post("/sharing/terms/holidays", data={"day": "", "name": "园庆"}).status_code == 422
    assert _book(town, "e02", number, at(0, 9), at(0, 10)).status_code == 409
    assert town.browse("e01").post(f"/sharing/terms/holidays/{day}/drop").status_code == 403
    assert page.post(f"/sharing/terms/holidays/{day}/drop").status_code == 303
    assert page.post(f"/sharing/terms/holidays/{day}/drop").status_code == 404
    assert page.post("/sharing/terms/holidays/never/drop").status_code == 404
    assert _book(town, "e02", number, at(0, 9), at(0, 10)).status_code == 201


def test_a_no_show_suspends_by_the_terms_and_the_park_lifts_it(town, instrument, at, monday):
    number = instrument("e01")
    assert town.browse("park").post("/sharing/terms", data=TERMS).status_code == 303
    assert _book(town, "e02", number, at(0, 9), at(0, 10)).status_code == 201
    with clock.frozen(clock.at(monday, 11, 5)):
        with town.app.app_context():
            run_periodic(confirmed=Confirmed(clock=True))
        assert _book(town, "e02", number, at(2, 9), at(2, 10)).status_code == 409
        page = town.browse("park")
        (lift,) = re.findall(r"/sharing/suspensions/\d+/lift", page.get("/sharing/terms").text)
        assert town.browse("e02").post(lift).status_code == 403
        assert town.browse("auditor").post(lift).status_code == 403
        assert page.post(lift).status_code == 303 and page.post(lift).status_code == 404
        assert _book(town, "e02", number, at(2, 9), at(2, 10)).status_code == 201


def test_a_notice_closes_instruments_after_a_second_look(town, instrument, at, monday):
    """The test's week from Tuesday to Thursday is off, its Saturday is worked: checked first, then imported."""
    resource = instrument("e01")
    tuesday, thursday = monday + dt.timedelta(days=1), monday + dt.timedelta(days=3)
    text = f"一、园区节：{tuesday.year}年{tuesday.month}月{tuesday.day}日至{thursday.year}年{thursday.month}月{thursday.day}日放假。"
    page = town.browse("park")
    checked = page.post("/sharing/terms/days", data={"text": text, "year": str(tuesday.year)})
    assert checked.status_code == 200 and f"{thursday.isoformat()}, holiday, 园区节" in checked.text
    wish = {"resource": resource, "start": at(2, 9), "end": at(2, 10), "purpose": ""}
    first = town.api("e02").post("/sharing/bookings", wish)
    assert first.status_code == 201  # nothing was written by the check
    data = {"text": text, "year": str(tuesday.year), "apply": "1"}
    assert town.browse("e01").post("/sharing/terms/days", data=data).status_code == 403
    assert page.post("/sharing/terms/days", data=data).status_code == 303
    refused = town.api("e02").post("/sharing/bookings", wish | {"start": at(3, 9), "end": at(3, 10)})
    assert refused.status_code == 409 and refused.json["reasons"][0]["code"] == "closed"
    assert page.post("/sharing/terms/days", data={"text": "闲聊", "year": "2027"}).status_code == 422
    until = {"day": monday + dt.timedelta(days=8), "until": monday + dt.timedelta(days=9), "name": "检修周"}
    assert page.post("/sharing/terms/holidays", data=until).status_code == 303
    listed = town.api("e02").get("/sharing/holidays").json["items"]
    assert [row["name"] for row in listed] == ["园区节"] * 3 + ["检修周"] * 2
