"""Story 57: the machine is mended before it stops – one order, a closed calendar, a sign-off that goes on."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PIL import Image

from app.hall import clock
from app.hall.jobs import deliver_outbox, run_periodic
from app.hall.standstill import Confirmed
from tests.factories import Api, Park
from tests.walks.test_05_all_reasons import at, spectrometer
from tests.walks.test_09_charged_time import book

READINGS = Path(__file__).resolve().parents[1] / "data" / "wider" / "readings.csv"
FIRST_OF_NOVEMBER = dt.date(2026, 11, 1)


@pytest.fixture
def first_of_november() -> Iterator[None]:
    with clock.frozen(clock.at(FIRST_OF_NOVEMBER, 7)):
        yield


def tick(park: Park, moment: dt.datetime | None = None) -> None:
    with clock.frozen(moment or clock.now()), park.app.app_context():
        run_periodic(confirmed=Confirmed(clock=True))


def machine_of(api: Api, resource: int) -> int:
    [found] = [one for one in api.get("/upkeep/machines").json["items"] if one["resource"] == resource]
    return int(found["id"])


def orders(api: Api, state: str = "all") -> list[dict[str, Any]]:
    return list(api.get("/upkeep/work-orders", state=state).json["items"])


def spindle_hours(api: Api, machine: int) -> None:
    """430 h since 15 September at 3 h a day in the last 28 days: 346 h on 4 October, 430 h on 1 November."""
    meter = api.post(f"/upkeep/machines/{machine}/meters", {"code": "h", "kind": "hours"})
    assert meter.status_code == 201, meter.text
    values = {"2026-09-15": 0, "2026-10-04": 346, "2026-11-01": 430}
    lines = [{"machine": machine, "meter": "h", "at": day, "value": value} for day, value in values.items()]
    answer = api.post("/upkeep/readings", {"readings": lines})
    assert answer.json == {"accepted": 3, "refused": []}


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(out, "PNG")
    return out.getvalue()


def test_a_spindle_of_500_hours_is_due_on_25_november_by_hours(park: Park, first_of_november: None) -> None:
    for code in ("E51", "E52", "E53"):
        park.firm(code)
    owner = park.api("e51")
    resource = spectrometer(owner)
    machine = machine_of(owner, resource)
    spindle_hours(owner, machine)
    wish = {
        "name": "主轴保养",
        "every_hours": 500,
        "hours_meter": "h",
        "every_days": 90,
        "last_done_on": "2026-09-15",
        "blocking": True,
        "warn_days": 24,
        "checklist": ["更换润滑油", "检查皮带"],
    }
    plan = owner.post(f"/upkeep/machines/{machine}/plans", wish)
    assert plan.status_code == 201, plan.text
    assert (plan.json["due_on"], plan.json["by"], plan.json["used_hours"]) == ("2026-11-25", "hours", 430)
    [due] = owner.get("/upkeep/due", on="2026-11-01").json["items"]
    assert (due["due_on"], due["by"], due["warn_on"]) == ("2026-11-25", "hours", "2026-11-01")

    on_the_day = dt.date(2026, 11, 25)
    hit = book(park, "e52", resource, at(on_the_day, 10), at(on_the_day, 12))
    spared = book(
        park,
        "e52",
        resource,
        at(on_the_day + dt.timedelta(days=1), 10),
        at(on_the_day + dt.timedelta(days=1), 12),
    )
    for _again in range(3):
        tick(park)
    [order] = orders(owner)
    assert (order["state"], order["due_on"], order["cause"]) == ("due", "2026-11-25", "hours")
    assert park.api("e52").get(f"/sharing/bookings/{hit}").json["state"] == "cancelled"
    assert park.api("e52").get(f"/sharing/bookings/{spared}").json["state"] == "confirmed"
    told = [note["text"] for note in park.api("e52").get("/identity/notifications").json["items"]]
    assert sum("主轴保养" in text for text in told) == 1
    mine = [note["text"] for note in owner.get("/identity/notifications").json["items"]]
    assert sum("主轴保养" in text for text in mine) == 1
    refused = park.api("e53").post(
        "/sharing/bookings", {"resource": resource, "start": at(on_the_day, 10), "end": at(on_the_day, 12)}
    )
    assert [reason["code"] for reason in refused.json["reasons"]] == ["outage"]
    waits = park.api("e53").post(
        "/sharing/waitlist",
        {"resource": resource, "start": at(on_the_day, 10), "end": at(on_the_day, 12), "minutes": 60},
    )
    assert waits.json["state"] == "waiting"

    path = f"/upkeep/work-orders/{order['id']}/done"
    short = owner.post(path, {"checklist": ["检查皮带"]})
    assert short.status_code == 422 and "更换润滑油" in short.text
    page = park.browse("e51")
    sent = page.post(
        f"/upkeep/orders/{order['id']}/done",
        data={"ticked": wish["checklist"], "note": "已换", "photo": (io.BytesIO(photo()), "主轴.png")},
    )
    assert sent.status_code == 303, sent.text
    with park.app.app_context():
        deliver_outbox()
    done = owner.get(f"/upkeep/work-orders/{order['id']}").json
    assert (done["state"], done["done_on"], done["ticked"]) == ("done", "2026-11-01", wish["checklist"])
    shown = page.get(f"/upkeep/orders/{order['id']}").text
    (picture,) = set(re.findall(r"/upkeep/files/[0-9a-f]{32}(?=\")", shown))
    assert page.get(picture).mimetype == "image/jpeg"
    assert park.browse("e52").get(picture).status_code == 404
    assert owner.post(path, {"checklist": wish["checklist"]}).status_code == 409

    # The calendar is open again and who waited was asked; the count begins anew.
    asked = park.api("e53").get("/sharing/waitlist").json["items"][0]
    assert asked["state"] == "offered"
    assert park.api("e53").post(f"/sharing/waitlist/{asked['id']}/accept").json["state"] == "confirmed"
    [due] = owner.get("/upkeep/due", on="2026-11-01").json["items"]
    assert (due["used_hours"], due["due_on"], due["by"]) == (0, "2027-01-30", "days")
    tick(park)
    assert len(orders(owner)) == 1


def test_vibration_is_watched_warned_of_and_reaches_its_limit_in_28_days(park: Park) -> None:
    rows = list(csv.DictReader(READINGS.read_text("utf-8").splitlines()))
    days = [row["day"] for row in rows]
    values = [float(row["value"]) for row in rows]
    with clock.frozen(clock.at(dt.date.fromisoformat(days[-1]), 20)):
        park.firm("E51")
        owner = park.api("e51")
        machine = owner.post("/upkeep/machines", {"name": "铣床", "code": "CNC-1"}).json["id"]
        gauge = {"code": "vib", "name": "振动", "unit": "mm/s", "limit": 4.5}
        assert owner.post(f"/upkeep/machines/{machine}/meters", gauge).status_code == 201
        plan = {"name": "振动检修", "meter": "vib"}
        assert owner.post(f"/upkeep/machines/{machine}/plans", plan).status_code == 201
        states = []
        for number, (day, value) in enumerate(zip(days, values, strict=True), start=1):
            line = {"machine": "CNC-1", "meter": "vib", "at": day, "value": value}
            assert owner.post("/upkeep/readings", {"readings": [line]}).json["accepted"] == 1
            with park.app.app_context():
                deliver_outbox()
            if number > 30:
                [meter] = owner.get(f"/upkeep/machines/{machine}").json["meters"]
                states.append(meter["state"])
        assert states[:6] == ["learning", "learning", "normal", "watch", "watch", "warning"]
        assert set(states[6:]) == {"warning"}
        assert (meter["median"], round(meter["spread"], 3), meter["days_to_limit"]) == (2.0, 0.148, 28)
        told = [note["text"] for note in owner.get("/identity/notifications").json["items"]]
        assert sum("需要关注" in text for text in told) == 1 and sum("预警" in text for text in told) == 1
        [order] = orders(owner)
        assert (order["cause"], order["title"]) == ("condition", "振动检修")
        drawn = park.browse("e51").get(f"/upkeep/machines/{machine}").text
        assert 'class="limit"' in drawn and 'class="trend"' in drawn and "28 天后到限值" in drawn


def test_one_line_for_each_bad_reading_and_the_rest_is_kept(park: Park, first_of_november: None) -> None:
    park.firm("E51"), park.firm("E52")
    owner = park.api("e51")
    machine = owner.post("/upkeep/machines", {"name": "铣床"}).json["id"]
    owner.post(f"/upkeep/machines/{machine}/meters", {"code": "h", "kind": "hours"})
    known = {"machine": machine, "meter": "h", "at": "2026-10-03", "value": 30}
    assert owner.post("/upkeep/readings", {"readings": [known]}).json["accepted"] == 1
    sent = [
        ("h", "2026-10-04", 33),
        ("h", "2026-10-01", 10),  # out of order is welcome
        ("h", "2026-10-02", 31),  # more than the day after: it would turn back
        ("h", "2026-10-01", 10),
        ("h", "2026-11-02", 40),
        ("x", "2026-10-02", 20),
        ("h", "gestern", 20),
        ("h", "2026-10-02", "NaN"),
        ("h", "2026-10-02T08:00:00+08:00", 20.5),
    ]
    lines = [{"machine": machine, "meter": m, "at": day, "value": value} for m, day, value in sent]
    answer = owner.post("/upkeep/readings", {"readings": lines})
    assert answer.status_code == 201
    assert answer.json["accepted"] == 3
    assert [(one["line"], one["code"]) for one in answer.json["refused"]] == [
        (3, "reading_backwards"),
        (4, "reading_twice"),
        (5, "reading_future"),
        (6, "reading_no_meter"),
        (7, "reading_no_moment"),
        (8, "reading_no_number"),
    ]
    stranger = park.api("e52").post("/upkeep/readings", {"readings": lines[:1]})
    assert [one["code"] for one in stranger.json["refused"]] == ["reading_no_meter"]
    sheet = "machine,meter,at,value\n" + f"{machine},h,2026-10-05,35\n{machine},h,2026-10-04,x\n"
    page = park.browse("e51").post("/upkeep/readings", data={"file": (io.BytesIO(sheet.encode()), "r.csv")})
    assert page.status_code == 200 and "记下 1 条，未记下 1 条" in page.text and "应为有限的数字" in page.text


def test_a_sign_off_is_inherited_by_the_next_order(park: Park, first_of_november: None) -> None:
    firm = park.firm("E51")
    signer, worker = park.member("boss", firm, "steward"), park.member("tech", firm, "technician")
    tech, boss = park.api("tech"), park.api("boss")
    machine = tech.post("/upkeep/machines", {"name": "铣床"}).json["id"]
    plan = {"name": "月检", "every_days": 30, "last_done_on": "2026-10-02"}
    assert tech.post(f"/upkeep/machines/{machine}/plans", plan).status_code == 201
    tick(park)
    [order] = orders(tech)
    assert order["sign_off"] is False
    agreed = {"planned_on": "2026-11-01", "assignee": worker, "sign_off": True, "signer": signer}
    assert tech.post(f"/upkeep/work-orders/{order['id']}/plan", agreed).json["state"] == "planned"
    reported = tech.post(f"/upkeep/work-orders/{order['id']}/done", {"note": "好了"})
    assert (reported.json["state"], reported.json["reported"]) == ("in_progress", True)
    assert tech.post(f"/upkeep/work-orders/{order['id']}/sign").status_code == 403
    assert any("请签字" in n["text"] for n in boss.get("/identity/notifications").json["items"])
    assert boss.post(f"/upkeep/work-orders/{order['id']}/sign").json["state"] == "done"
    later = clock.at(dt.date(2026, 12, 1), 8)
    tick(park, later)
    following = next(one for one in orders(tech) if one["id"] != order["id"])
    assert (following["occurrence"], following["due_on"]) == (2, "2026-12-01")
    assert (following["sign_off"], following["signer"]) == (True, signer)
    skipped = tech.post(f"/upkeep/work-orders/{following['id']}/skip", {"reason": "设备停产"})
    assert (skipped.json["state"], skipped.json["reason"]) == ("skipped", "设备停产")


def test_a_fault_that_stops_the_machine_closes_the_calendar_until_it_is_mended(
    park: Park, first_of_november: None
) -> None:
    park.firm("E51"), park.firm("E52")
    owner = park.api("e51")
    resource = spectrometer(owner)
    machine = machine_of(owner, resource)
    monday = dt.date(2026, 11, 2)
    with clock.frozen(clock.at(monday, 8)):
        hit = book(park, "e52", resource, at(monday, 14), at(monday, 15))
        fault = owner.post(f"/upkeep/machines/{machine}/faults", {"text": "灯丝断", "stops": True})
        assert fault.status_code == 201 and fault.json["cause"] == "fault"
        assert owner.get(f"/upkeep/machines/{machine}").json["state"] == "down"
        assert park.api("e52").get(f"/sharing/bookings/{hit}").json["state"] == "cancelled"
        # The outage belongs to the order: nobody opens the calendar beside it.
        outages = park.browse("e51").get(f"/sharing/resources/{resource}/outages").text
        assert "灯丝断" in outages and "/withdraw" not in outages
    with clock.frozen(clock.at(monday, 12)):
        assert owner.post(f"/upkeep/work-orders/{fault.json['id']}/done", {}).json["state"] == "done"
        assert owner.get(f"/upkeep/machines/{machine}").json["state"] == "in_service"
        book(park, "e52", resource, at(monday, 14), at(monday, 15))
        shown = park.browse("e51").get(f"/upkeep/machines/{machine}/figures").text
    # Open from nine: three of the hours it was created for are lost, and it was mended in three.
    assert "平均修复时间 MTTR" in shown and "= 3.0 ÷ 1.0" in shown


def test_a_machine_and_a_plan_by_hours_of_this_very_minute_have_pages(park: Park) -> None:
    park.firm("E51")
    owner, page = park.api("e51"), park.browse("e51")
    resource = spectrometer(owner)
    machine = machine_of(owner, resource)
    plan = owner.post(f"/upkeep/machines/{machine}/plans", {"name": "换灯", "every_hours": 20})
    assert (plan.json["due_on"], plan.json["used_hours"]) == (None, 0)
    assert "换灯" in page.get(f"/upkeep/machines/{machine}").text
    assert page.get(f"/sharing/resources/{resource}/outages").status_code == 200
    # A shared machine is the row of its resource: it has one name.
    assert owner.post(f"/sharing/resources/{resource}/edit", {"name": "荧光仪二号"}).status_code == 200
    card = {"code": "XRF-2", "name": "别名"}
    assert page.post(f"/upkeep/machines/{machine}/edit", data=card).status_code == 303
    shown = owner.get(f"/upkeep/machines/{machine}").json
    assert (shown["name"], shown["code"]) == ("荧光仪二号", "XRF-2")


def test_the_years_plan_as_calendar_and_workbook(park: Park, first_of_november: None) -> None:
    park.firm("E51")
    owner, page = park.api("e51"), park.browse("e51")
    machine = owner.post("/upkeep/machines", {"name": "铣床", "code": "CNC-1"}).json["id"]
    plan = {"name": "季检", "every_days": 90, "last_done_on": "2026-10-01"}
    owner.post(f"/upkeep/machines/{machine}/plans", plan)
    days = ["2027-03-30", "2027-06-28", "2027-09-26", "2027-12-25"]
    ics = page.get("/upkeep/year.ics?year=2027").text
    assert re.findall(r"DTSTART;VALUE=DATE:(\d+)", ics) == [day.replace("-", "") for day in days]
    assert ics.count("SUMMARY:铣床 · 季检") == 4
    book_ = openpyxl.load_workbook(io.BytesIO(page.get("/upkeep/year.xlsx?year=2027").data))
    rows = [[cell.value for cell in row] for row in book_.worksheets[0].iter_rows()]
    assert rows[0] == ["day", "machine", "code", "plan", "by"]
    planned = [dt.datetime.fromisoformat(day) for day in days]  # days as a workbook holds them
    assert rows[1:] == [[day, "铣床", "CNC-1", "季检", "days"] for day in planned]


def test_a_label_opens_the_log_and_the_park_sees_counts_only(park: Park, first_of_november: None) -> None:
    park.staff(), park.firm("E51"), park.firm("E52")
    owner, page = park.api("e51"), park.browse("e51")
    machine = owner.post("/upkeep/machines", {"name": "秘密铣床", "code": "X"}).json["id"]
    assert page.get(f"/upkeep/machines/{machine}/label").status_code == 200
    assert page.get(f"/upkeep/machines/{machine}/qr.svg").mimetype == "image/svg+xml"
    with park.app.app_context():
        from app.hall.db.base import db
        from app.upkeep.machines.models import Machine

        token = db.session.get_one(Machine, machine).token
    assert page.get(f"/upkeep/m/{token}").location.endswith(f"/upkeep/machines/{machine}")
    assert page.get("/upkeep/m/of-another-park").status_code == 404
    for login in ("e52", "park"):
        assert park.browse(login).get(f"/upkeep/m/{token}").status_code == 404
        assert park.browse(login).get(f"/upkeep/machines/{machine}").status_code == 404
        assert park.api(login).get(f"/upkeep/machines/{machine}").status_code == 404
    assert "秘密铣床" not in park.browse("park").get("/upkeep/park").text
    assert park.browse("e51").get("/upkeep/park").status_code == 403
