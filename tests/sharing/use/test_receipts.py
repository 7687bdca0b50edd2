"""What a booking costs stands on its page; what is to be transferred is listed, marked and reminded."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from icalendar import Calendar

from app.hall import clock
from app.hall.jobs import run_periodic
from app.hall.standstill import Confirmed


@pytest.fixture
def used(park, instrument, at, monday):
    """A small firm uses 420 yuan an hour at its own price of 300 for two hours: 600 instead of 840 yuan."""
    park.staff(), park.firm("E01", name_zh="出借公司"), park.firm("E02", size="small"), park.firm("E03")
    resource = instrument("e01", price_fen_per_hour=42_000, building="B座", place="1203")
    rate = {"price_fen_per_hour": 30_000, "group": "small"}
    assert park.api("e01").post(f"/sharing/resources/{resource}/rates", rate).status_code == 201
    body = {"resource": resource, "start": at(1, 10), "end": at(1, 12), "purpose": "镀层"}
    return park.api("e02").post("/sharing/bookings", body).json["id"]


def _run(park, moment):
    with clock.frozen(moment), park.app.app_context():
        run_periodic(confirmed=Confirmed(clock=True))


def _note_and_close(park, number, at, monday):
    answer = park.noted("e01", f"/sharing/bookings/{number}/usage", {"start": at(1, 10), "end": at(1, 12)})
    assert answer.status_code == 200, answer.text
    closed = clock.at(monday, 12) + dt.timedelta(days=9)
    _run(park, closed)
    return closed


def test_the_booking_page_says_price_place_contact_and_has_a_calendar_entry(park, used, at):
    page = park.browse("e02").get(f"/sharing/bookings/{used}").text
    assert "¥840.00" in page and "¥600.00" in page
    assert re.search(r"待支付</dt><dd>¥600\.00", page)
    assert "B座 1203" in page and "联系人" in page
    assert re.search(r"/sharing/resources/\d+/qr\.svg", page)
    file = park.browse("e02").get(f"/sharing/bookings/{used}.ics")
    event = Calendar.from_ical(file.data).walk("VEVENT")[0]
    assert event.decoded("DTSTART") == dt.datetime.fromisoformat(at(1, 10))
    assert str(event["LOCATION"]) == "B座 1203"
    assert park.browse("e03").get(f"/sharing/bookings/{used}.ics").status_code == 404


def test_settled_and_open_add_up_to_the_total(park, used, instrument, at, monday):
    """600 yuan are closed, 250 yuan of another booking of the same month are not: 850 in all."""
    from app.sharing.use import statements

    month = (monday + dt.timedelta(days=1)).replace(day=1)
    other = instrument("e01", price_fen_per_hour=25_000)
    body = {"resource": other, "start": at(1, 13), "end": at(1, 14), "purpose": ""}
    second = park.api("e02").post("/sharing/bookings", body).json["id"]
    park.noted("e01", f"/sharing/bookings/{second}/usage", {"start": at(1, 13), "end": at(1, 14)})
    asked = park.api("e02").post(f"/sharing/bookings/{second}/dispute", {"reason": "样品损坏"})
    assert asked.status_code == 200, asked.text
    _note_and_close(park, used, at, monday)
    with park.app.app_context():
        found = statements.statement(park.actor("e02").organisation_id, "user", month)
        assert (found.settled_fen, found.open_fen, found.total_fen) == (60_000, 25_000, 85_000)
    page = park.browse("e02").get(f"/sharing/statements?month={month:%Y-%m}").text
    assert "¥600.00" in page and "¥250.00" in page and "¥850.00" in page


def test_a_transfer_is_marked_with_its_reference_and_what_is_late_is_reminded(park, used, at, monday):
    closed = _note_and_close(park, used, at, monday)
    listed = park.api("e02").get("/sharing/payments").json["items"]
    assert [(p["booking"], p["cash_fen"], p["received_at"]) for p in listed] == [(used, 60_000, None)]
    assert listed[0]["due_on"] == (clock.day_of(closed) + dt.timedelta(days=30)).isoformat()
    number = listed[0]["id"]
    assert park.api("e03").get("/sharing/payments").json["total"] == 0
    on_the_day, after = closed + dt.timedelta(days=30), closed + dt.timedelta(days=31)
    _run(park, on_the_day)
    with clock.frozen(on_the_day):
        assert park.api("e02").get("/sharing/payments", state="overdue").json["total"] == 0
    _run(park, after)
    _run(park, after + dt.timedelta(hours=3))
    with clock.frozen(after):
        assert park.api("e02").get("/sharing/payments", state="overdue").json["total"] == 1
        assert "逾期" in park.browse("e02").get("/sharing/payments").text
        notes = park.browse("e02").get("/identity/notifications").text
        assert notes.count("已过付款期限") == 1  # once a week, not at every run
        body = {"payments": [number], "reference": "TRX-77120"}
        assert park.api("e02").post("/sharing/payments/received", body).status_code == 403
        assert park.api("e03").post("/sharing/payments/received", body).status_code == 404
        owner = park.browse("e01")
        page = {"payment": [str(number)], "reference": "TRX-77120"}
        assert owner.post("/sharing/payments/received", data=page | {"reference": " "}).status_code == 422
        assert owner.post("/sharing/payments/received", data=page).status_code == 303
        assert owner.post("/sharing/payments/received", data=page).status_code == 409
        assert "TRX-77120" in park.browse("e02").get("/sharing/payments?state=received").text
        assert park.api("e02").get("/sharing/payments", state="overdue").json["total"] == 0
        assert owner.post(f"/sharing/payments/{number}/reopen").status_code == 303
        assert park.api("e02").get("/sharing/payments", state="overdue").json["total"] == 1
