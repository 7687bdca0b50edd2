"""A running booking goes on while the time is free; where nobody comes, the rest is free for who waits."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall import clock
from app.hall.jobs import run_periodic
from app.hall.standstill import Confirmed


def _book(park, login, resource, start, end):
    body = {"resource": resource, "start": start, "end": end, "purpose": ""}
    answer = park.api(login).post("/sharing/bookings", body)
    assert answer.status_code == 201, answer.text
    return answer.json["id"]


@pytest.fixture
def three(park):
    park.staff()
    for code in ("E01", "E02", "E03"):
        park.firm(code)
    return park


def test_a_running_booking_ends_later_at_its_own_price(three, instrument, at):
    """10–12 at 360 yuan; another firm holds 13–14: until 13:00 it goes, 13:30 does not, and three hours cost 1,080."""
    resource = instrument("e01", price_fen_per_hour=36_000)
    mine = _book(three, "e02", resource, at(1, 10), at(1, 12))
    _book(three, "e03", resource, at(1, 13), at(1, 14))
    path = f"/sharing/bookings/{mine}/extend"
    too_early = three.api("e02").post(path, {"end": at(1, 13)})
    assert (too_early.status_code, too_early.json["type"]) == (409, "urn:parklink:extension_not_now")
    with clock.frozen(dt.datetime.fromisoformat(at(1, 11))):
        three.api("e01").post(f"/sharing/resources/{resource}/rates", {"price_fen_per_hour": 90_000})
        assert three.api("e02").post(f"/sharing/bookings/{mine}/start").status_code == 200
        page = three.browse("e02").get(f"/sharing/bookings/{mine}").text
        assert "13:00 · 共 ¥1,080.00" in page and "13:30 · 共" not in page
        refused = three.api("e02").post(path, {"end": at(1, 13.5)})
        assert refused.status_code == 409 and refused.json["reasons"][0]["code"] == "taken"
        assert three.api("e03").post(path, {"end": at(1, 12.5)}).status_code == 404
        longer = three.api("e02").post(path, {"end": at(1, 13)})
        assert longer.status_code == 200, longer.text
        assert (longer.json["end"], longer.json["price_fen"]) == (at(1, 13)[:16] + at(1, 13)[19:], 108_000)
        taken = {"resource": resource, "start": at(1, 12), "end": at(1, 13), "purpose": ""}
        assert three.api("e03").post("/sharing/bookings", taken).status_code == 409


def test_where_nobody_comes_the_rest_is_offered_to_who_waits(three, instrument, at):
    resource = instrument("e01")
    mine = _book(three, "e02", resource, at(2, 10), at(2, 14))
    wait = {"resource": resource, "start": at(2, 10), "end": at(2, 14), "minutes": 60}
    assert three.api("e03").post("/sharing/waitlist", wait).json["state"] == "waiting"
    terms = {"absent_minutes": 40}
    assert three.api("park").post("/sharing/terms", terms).status_code == 200
    for minutes, state in ((39, "confirmed"), (41, "no_show")):
        moment = dt.datetime.fromisoformat(at(2, 10)) + dt.timedelta(minutes=minutes)
        with clock.frozen(moment):
            with three.app.app_context():
                run_periodic(confirmed=Confirmed(clock=True))
            assert three.api("e02").get(f"/sharing/bookings/{mine}").json["state"] == state
            entry = three.api("e03").get("/sharing/waitlist").json["items"][0]
            assert entry["state"] == ("waiting" if state == "confirmed" else "offered")
            if state == "no_show":  # one of four hours goes to somebody else: three are owed
                assert three.api("e03").post(f"/sharing/waitlist/{entry['id']}/accept").status_code == 200
                owed = three.api("e02").get(f"/sharing/bookings/{mine}").json["settlement"]
                assert owed["amount_fen"] == 150_000
